//! `sqlHexDecode`: hexadecimal literals of SQL become the bytes they stand for.

use super::characters::two_digits;
use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "sqlHexDecode", aliases: &[], apply, touches: Some(ByteSet::of(b"xX")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    memchr::memchr2(b'x', b'X', value)?;
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [byte, after @ ..] = rest {
        rest = match rest {
            [b'0', b'x' | b'X', digits @ ..] if two_digits(digits).is_some() => {
                let mut digits = digits;
                while let Some(decoded) = two_digits(digits) {
                    out.push(decoded);
                    digits = digits.get(2..).unwrap_or_default();
                }
                digits
            }
            _ => {
                out.push(*byte);
                after
            }
        };
    }
    (out.len() != value.len()).then_some(out)
}
