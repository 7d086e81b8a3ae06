//! Content codings (RFC 9110, 8.4.1): a compressed page is unfolded, rewritten and folded again, piece by piece.

mod decode;
mod encode;

pub use self::decode::{DecodeError, Decoded, Decoder};
pub use self::encode::Encoder;

/// A content coding that pages are sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Brotli (RFC 7932).
    Brotli,
    /// zlib (RFC 1950), or bare DEFLATE, as some servers send under that name.
    Deflate,
    /// gzip (RFC 1952).
    Gzip,
    /// None.
    Identity,
    /// Zstandard (RFC 8878).
    Zstd,
}

impl Coding {
    /// Returns the coding of a `Content-Encoding`; nothing for one that is not known, or several.
    pub fn of(content_encoding: &str) -> Option<Self> {
        match content_encoding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Some(Self::Identity),
            "br" => Some(Self::Brotli),
            "deflate" => Some(Self::Deflate),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Returns the best coding that a client takes (RFC 9110, 12.5.3), by what a page costs to fold while it waits.
    pub fn negotiate(accept_encoding: &str) -> Self {
        let weight = |name: &str| {
            let mut star = None;
            for part in accept_encoding.split(',') {
                let (coding, parameters) = part.split_once(';').unwrap_or((part, ""));
                let quality =
                    parameters.trim().strip_prefix("q=").map_or(Some(1.0), |text| text.trim().parse::<f32>().ok());
                let coding = coding.trim();
                if coding.eq_ignore_ascii_case(name) {
                    return quality;
                }
                if coding == "*" {
                    star = quality;
                }
            }
            star
        };
        let mut best = (Self::Identity, 0.0);
        for (coding, name) in BEST_FIRST {
            let quality = weight(name).unwrap_or(0.0);
            if quality > best.1 {
                best = (*coding, quality);
            }
        }
        best.0
    }

    /// Returns its name; nothing for none.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Deflate => Some("deflate"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
            Self::Zstd => Some("zstd"),
        }
    }
}

/// Zstandard folds a page three times as fast as the others and nearly as small; Brotli is smaller than gzip at the same
/// cost. `deflate` is not offered: browsers disagree on what it means.
const BEST_FIRST: &[(Coding, &str)] = &[(Coding::Zstd, "zstd"), (Coding::Brotli, "br"), (Coding::Gzip, "gzip")];

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Coding] = &[Coding::Brotli, Coding::Deflate, Coding::Gzip, Coding::Identity, Coding::Zstd];

    fn fold(coding: Coding, text: &[u8], flush_every: usize) -> Vec<u8> {
        let mut encoder = Encoder::new(coding).unwrap();
        let mut out = Vec::new();
        for piece in text.chunks(flush_every) {
            encoder.write(piece, &mut out).unwrap();
            encoder.flush(&mut out).unwrap();
        }
        encoder.end(&mut out).unwrap();
        out
    }

    fn unfold(coding: Coding, bytes: &[u8], cut: usize) -> Result<Vec<u8>, DecodeError> {
        let mut decoder = Decoder::new(coding);
        let mut out = Vec::new();
        let mut pieces = bytes.chunks(cut);
        loop {
            match decoder.read(&mut out)? {
                Decoded::Some => {}
                Decoded::NeedsMore => match pieces.next() {
                    Some(piece) => decoder.give(piece),
                    None => decoder.end(),
                },
                Decoded::Over => return Ok(out),
            }
        }
    }

    #[test]
    fn what_is_folded_unfolds_however_it_is_cut() {
        let text: Vec<u8> = (0..20_000_u32).flat_map(|number| number.to_string().into_bytes()).collect();
        for coding in ALL {
            for cut in [1, 7, 4096] {
                let folded = fold(*coding, &text, 5000);
                assert!(unfold(*coding, &folded, cut).unwrap() == text, "{coding:?} cut at {cut}");
            }
            if *coding != Coding::Identity {
                let folded = fold(*coding, &text, 5000);
                assert!(unfold(*coding, &folded[..folded.len() / 2], 64).is_err(), "{coding:?} cut short");
                assert!(unfold(*coding, b"this is no such thing", 64).is_err(), "{coding:?} of something else");
            }
            assert_eq!(unfold(*coding, &fold(*coding, b"", 1), 1).unwrap(), b"", "{coding:?} of nothing");
        }
    }

    #[test]
    fn a_flush_lets_the_reader_go_on() {
        for coding in ALL {
            let (mut encoder, mut decoder) = (Encoder::new(*coding).unwrap(), Decoder::new(*coding));
            let (mut folded, mut out) = (Vec::new(), Vec::new());
            encoder.write(b"<p>first", &mut folded).unwrap();
            encoder.flush(&mut folded).unwrap();
            decoder.give(&folded);
            while matches!(decoder.read(&mut out).unwrap(), Decoded::Some) {}
            assert_eq!(out, b"<p>first", "{coding:?}");
        }
    }

    #[test]
    fn a_bomb_unfolds_in_pieces() {
        for coding in ALL {
            let mut decoder = Decoder::new(*coding);
            decoder.give(&fold(*coding, &vec![0; 8 << 20], 8 << 20));
            let mut out = Vec::new();
            decoder.read(&mut out).unwrap();
            assert!(out.len() <= 64 << 10, "{coding:?}: {} bytes at once", out.len());
        }
    }

    #[test]
    fn the_best_that_a_client_takes_is_chosen() {
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Coding::Zstd),
            ("gzip, deflate, br", Coding::Brotli),
            ("gzip;q=1.0, br;q=0.5", Coding::Gzip),
            ("*", Coding::Zstd),
            ("zstd;q=0, *", Coding::Brotli),
            ("gzip;q=0", Coding::Identity),
            ("deflate", Coding::Identity),
            ("", Coding::Identity),
        ] {
            assert_eq!(Coding::negotiate(accepted), coding, "{accepted}");
        }
        for (name, coding) in
            [("GZIP", Some(Coding::Gzip)), ("", Some(Coding::Identity)), ("gzip, br", None), ("x", None)]
        {
            assert_eq!(Coding::of(name), coding, "{name}");
        }
    }
}
