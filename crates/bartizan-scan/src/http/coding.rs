//! Unpacks bodies.

use std::io::{self, Read};

use super::head::Head;
use super::reader::LARGEST_BODY;
use crate::failure::Failure;

/// Returns a body unpacked, and whether more was in it than is kept.
///
/// # Errors
///
/// It is not what it says it is.
pub fn decode(head: &Head, body: Vec<u8>) -> Result<(Vec<u8>, bool), Failure> {
    let coding = head.text("content-encoding").unwrap_or_default().to_ascii_lowercase();
    if body.is_empty() {
        return Ok((body, false));
    }
    let unpacked = match coding.as_str() {
        "gzip" | "x-gzip" | "compress" | "x-compress" => match body.first() {
            // "compress" is taken for gzip or zlib by what the body begins with, as Node does.
            Some(0x1f) => unpack(flate2::read::MultiGzDecoder::new(body.as_slice())),
            _ => unpack(flate2::read::ZlibDecoder::new(body.as_slice())),
        },
        // Some send deflate without its wrapping; its first byte tells.
        "deflate" if body.first().is_some_and(|byte| byte & 0x0f == 8) => {
            unpack(flate2::read::ZlibDecoder::new(body.as_slice()))
        }
        "deflate" => unpack(flate2::read::DeflateDecoder::new(body.as_slice())),
        "br" => unpack(brotli_decompressor::Decompressor::new(body.as_slice(), 4096)),
        _ => return Ok((body, false)),
    };
    unpacked.map_err(|_| Failure::Coding { coding })
}

/// Reads up to the limit; what breaks off behind some text is taken as it is.
fn unpack(packed: impl Read) -> io::Result<(Vec<u8>, bool)> {
    let mut unpacked = Vec::new();
    let done = packed.take(LARGEST_BODY as u64 + 1).read_to_end(&mut unpacked);
    if unpacked.is_empty() {
        done?;
    }
    let is_cut = unpacked.len() > LARGEST_BODY;
    unpacked.truncate(LARGEST_BODY);
    Ok((unpacked, is_cut))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;

    use super::*;

    fn check(coding: &str, body: Vec<u8>, expected: Option<(&[u8], bool)>) {
        let lines = vec![("content-encoding".to_owned(), coding.as_bytes().to_vec())];
        let found = decode(&Head { lines, ..Head::default() }, body).ok();
        let found = found.as_ref().map(|(body, is_cut)| (body.as_slice(), *is_cut));
        assert!(found == expected, "{coding}: {:?}", found.map(|(body, is_cut)| (body.len(), is_cut)));
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn bodies_are_unpacked() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"text").unwrap();
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(b"text").unwrap();
        check("GZIP", gzip(b"text"), Some((b"text", false)));
        check("deflate", zlib.finish().unwrap(), Some((b"text", false)));
        check("deflate", raw.finish().unwrap(), Some((b"text", false)));
        check("br", vec![0x8b, 0x01, 0x80, b't', b'e', b'x', b't', 0x03], Some((b"text", false)));
        check("identity", b"text".to_vec(), Some((b"text", false)));
        check("gzip", b"text".to_vec(), None);
        check("gzip", Vec::new(), Some((b"", false)));
        let mut short = gzip(b"text");
        short.truncate(short.len() - 8);
        check("gzip", short, Some((b"text", false)));
    }

    #[test]
    fn a_bomb_is_cut() {
        let bomb = gzip(&vec![b'x'; LARGEST_BODY * 4]);
        assert!(bomb.len() < LARGEST_BODY / 16);
        check("gzip", bomb, Some((&vec![b'x'; LARGEST_BODY], true)));
    }
}
