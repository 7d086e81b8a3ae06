//! The first bytes of an answer as text, for the stages that judge pages by what stands in them.
//!
//! Reads gzip and deflate, which every server speaks; an answer in Brotli or Zstandard is not judged.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{GzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Method};

use crate::context::Exchange;
use crate::head::{Maker, ResponseHead};

use super::apply::text;

/// Whether the answer is the app's, has a body, and that body can be read as one of these types.
pub(super) fn is_readable(response: &ResponseHead, exchange: &Exchange, types: &[&str]) -> bool {
    response.maker == Maker::Upstream
        && exchange.method != Method::HEAD
        && is_type(&response.headers, types)
        && matches!(encoding(&response.headers), Some(Encoding::Gzip | Encoding::Identity | Encoding::Zlib))
}

/// Returns the first bytes without their content coding; nothing when it is not one that is read.
pub(super) fn decoded<'a>(start: &'a [u8], headers: &HeaderMap) -> Option<Cow<'a, [u8]>> {
    match encoding(headers)? {
        Encoding::Identity => Some(Cow::Borrowed(start)),
        Encoding::Gzip => Some(Cow::Owned(unpacked(GzDecoder::new(start)))),
        Encoding::Zlib => Some(Cow::Owned(unpacked(ZlibDecoder::new(start)))),
    }
}

enum Encoding {
    Gzip,
    Identity,
    Zlib,
}

fn encoding(headers: &HeaderMap) -> Option<Encoding> {
    match headers.get(CONTENT_ENCODING).map(text) {
        None | Some("" | "identity") => Some(Encoding::Identity),
        Some("gzip" | "x-gzip") => Some(Encoding::Gzip),
        Some("deflate") => Some(Encoding::Zlib),
        Some(_) => None,
    }
}

/// Whether the media type is one of these; an answer without a type counts as each, as browsers guess it.
fn is_type(headers: &HeaderMap, types: &[&str]) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).map(text) else { return true };
    let essence = value.split(';').next().unwrap_or_default().trim();
    types.iter().any(|wanted| essence.eq_ignore_ascii_case(wanted))
}

/// Reads what can be read: the end of the stream is missing, and a page that unpacks to more than fits is cut.
fn unpacked(mut reader: impl Read) -> Vec<u8> {
    let mut page = vec![0; LONGEST];
    let mut filled = 0;
    while let Some(room) = page.get_mut(filled..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(0) | Err(_) => break,
            Ok(count) => filled += count,
        }
    }
    page.truncate(filled);
    page
}

/// Four times what is asked for, a common ratio for pages; a bomb unpacks to no more.
const LONGEST: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use http::HeaderValue;

    use super::*;

    fn headers(encoding: Option<&'static str>) -> HeaderMap {
        encoding.map(|coding| (CONTENT_ENCODING, HeaderValue::from_static(coding))).into_iter().collect()
    }

    #[test]
    fn packed_pages_are_read_even_when_cut() {
        let page: String = (0..2000).map(|i| format!("line {i}\n")).collect();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(page.as_bytes()).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(page.as_bytes()).unwrap();
        let zlib = zlib.finish().unwrap();
        for (start, coding, reads) in [
            (page.as_bytes(), None, true),
            (&gzip[..gzip.len() / 2], Some("gzip"), true),
            (&zlib[..zlib.len() / 2], Some("deflate"), true),
            (&gzip[..], Some("br"), false),
            (b"not packed".as_slice(), Some("gzip"), false),
        ] {
            let decoded = decoded(start, &headers(coding)).unwrap_or_default();
            assert_eq!(decoded.starts_with(b"line 0\nline 1\n"), reads, "{coding:?}");
        }
    }

    #[test]
    fn a_bomb_stays_small() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&vec![b'x'; 4 << 20]).unwrap();
        let bomb = gzip.finish().unwrap();
        assert_eq!(decoded(&bomb, &headers(Some("gzip"))).unwrap().len(), LONGEST);
    }
}
