//! `urlDecodeUni`: `urlDecode` and the `%uHHHH` of IIS, through the map of code points where there is one.

use super::characters::{four_digits, two_digits};
use super::{Context, Transformation, UnicodeMap};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "urlDecodeUni", aliases: &[], apply, touches: Some(ByteSet::of(b"%+")) };

fn apply(value: &[u8], context: &Context<'_>) -> Option<Vec<u8>> {
    let first = memchr::memchr2(b'%', b'+', value)?;
    let (kept, mut rest) = value.split_at(first);
    let mut out = Vec::with_capacity(value.len());
    out.extend_from_slice(kept);
    while let [byte, after @ ..] = rest {
        rest = after;
        out.push(match (byte, after) {
            (b'+', _) => b' ',
            (b'%', [b'u' | b'U', digits @ ..]) if four_digits(digits).is_some() => {
                rest = digits.get(4..).unwrap_or_default();
                code_point(digits, context.unicode_map)
            }
            (b'%', digits) => match two_digits(digits) {
                Some(decoded) => {
                    rest = digits.get(2..).unwrap_or_default();
                    decoded
                }
                None => *byte,
            },
            _ => *byte,
        });
    }
    (out != value).then_some(out)
}

/// The byte for four digits: what the map says, else the lower byte.
fn code_point(digits: &[u8], map: Option<&UnicodeMap>) -> u8 {
    let mapped = || {
        let high = two_digits(digits)?;
        let low = two_digits(digits.get(2..)?)?;
        map?.byte(u16::from_be_bytes([high, low]))
    };
    mapped().or_else(|| four_digits(digits)).unwrap_or_default()
}
