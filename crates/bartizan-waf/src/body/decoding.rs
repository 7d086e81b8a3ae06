//! Content codings of request bodies, undone for inspection within bounds (RFC 9110, 8.4).

use std::io::{self, Read};

/// Why a body cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodingError {
    /// The coding is none that is known.
    #[error("the coding {coding} is not known")]
    Unknown {
        /// Its name in the field.
        coding: String,
    },
    /// The body is not of that coding, or breaks off.
    #[error("not {coding}")]
    Malformed {
        /// Its name in the field.
        coding: String,
        /// Why.
        source: io::Error,
    },
    /// More codings are stacked than anybody needs.
    #[error("more than {limit} codings")]
    Stacked {
        /// How many are undone.
        limit: usize,
    },
    /// The body grows beyond what is inspected.
    #[error("more than {limit} bytes when decoded")]
    TooLarge {
        /// How many are inspected.
        limit: usize,
    },
}

/// Undoes the codings that a field `Content-Encoding` names, the last one first. None where there is none to undo.
pub fn decode(codings: &str, body: &[u8], limit: usize) -> Result<Option<Vec<u8>>, DecodingError> {
    let names: Vec<String> = codings.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !matches!(*name, "" | "identity")).collect();
    if names.len() > STACKED {
        return Err(DecodingError::Stacked { limit: STACKED });
    }
    let mut decoded: Option<Vec<u8>> = None;
    for coding in names.into_iter().rev() {
        let encoded = decoded.as_deref().unwrap_or(body);
        decoded = Some(undone(coding, encoded, limit)?);
    }
    Ok(decoded)
}

fn undone(coding: &str, body: &[u8], limit: usize) -> Result<Vec<u8>, DecodingError> {
    let malformed = |source| DecodingError::Malformed { coding: coding.to_owned(), source };
    match coding {
        "gzip" | "x-gzip" => bounded(flate2::read::MultiGzDecoder::new(body), limit).map_err(malformed),
        // Some clients send the bare stream instead of the one that RFC 1950 frames.
        "deflate" => match bounded(flate2::read::ZlibDecoder::new(body), limit) {
            Ok(decoded) => Ok(decoded),
            Err(_) => bounded(flate2::read::DeflateDecoder::new(body), limit).map_err(malformed),
        },
        "br" => bounded(brotli_decompressor::Decompressor::new(body, BUFFER), limit).map_err(malformed),
        "zstd" => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(body)
                .map_err(|error| malformed(io::Error::new(io::ErrorKind::InvalidData, error.to_string())))?;
            bounded(decoder, limit).map_err(malformed)
        }
        _ => return Err(DecodingError::Unknown { coding: coding.to_owned() }),
    }
    .and_then(|decoded| if decoded.len() > limit { Err(DecodingError::TooLarge { limit }) } else { Ok(decoded) })
}

/// Reads one byte more than is wanted, so that the caller sees that there is more.
fn bounded(reader: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut decoded = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut decoded)?;
    Ok(decoded)
}

/// Two codings are one more than clients stack.
const STACKED: usize = 2;
/// What the decoder of brotli reads at once.
const BUFFER: usize = 4096;

#[cfg(test)]
mod tests {
    use super::{DecodingError, decode};
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write as _;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).expect("memory takes everything");
        encoder.finish().expect("memory takes everything")
    }

    #[test]
    fn codings_are_undone() {
        let text = b"a=<script>".as_slice();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(text).expect("memory takes everything");
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
        bare.write_all(text).expect("memory takes everything");
        let zstd = ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest);
        // Written by hand: a last, uncompressed meta-block of RFC 7932, 9.2.
        let brotli = [&[0x0b, 0x02, 0x80][..], b"hello", &[0x03]].concat();
        for (codings, body, expected) in [
            ("gzip", gzip(text), text),
            ("X-GZIP, identity", gzip(text), text),
            ("gzip, gzip", gzip(&gzip(text)), text),
            ("deflate", zlib.finish().expect("memory"), text),
            ("deflate", bare.finish().expect("memory"), text),
            ("zstd", zstd, text),
            ("br", brotli, b"hello"),
        ] {
            let decoded = decode(codings, &body, 1000).unwrap_or_else(|error| panic!("{codings}: {error}"));
            assert_eq!(decoded.as_deref(), Some(expected), "{codings}");
        }
        assert!(decode("identity", text, 1000).is_ok_and(|decoded| decoded.is_none()));
    }

    #[test]
    fn what_cannot_be_read_whole_is_refused() {
        let bomb = gzip(&vec![b'a'; 1 << 20]);
        assert!(matches!(decode("gzip", &bomb, 1000), Err(DecodingError::TooLarge { limit: 1000 })));
        assert!(matches!(decode("gzip", b"plain", 1000), Err(DecodingError::Malformed { .. })));
        assert!(matches!(decode("zstd", b"plain", 1000), Err(DecodingError::Malformed { .. })));
        assert!(matches!(decode("br", b"\xff\xff", 1000), Err(DecodingError::Malformed { .. })));
        assert!(matches!(decode("gzip", &gzip(b"abc")[..12], 1000), Err(DecodingError::Malformed { .. })));
        assert!(matches!(decode("compress", b"", 1000), Err(DecodingError::Unknown { .. })));
        assert!(matches!(decode("gzip, gzip, gzip", b"", 1000), Err(DecodingError::Stacked { .. })));
    }
}
