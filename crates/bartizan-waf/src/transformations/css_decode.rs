//! `cssDecode`: the escapes of CSS 2.1, 4.1.3, of which the lower byte is kept.

use super::characters::{hexadecimal, is_whitespace, narrow};
use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "cssDecode", aliases: &[], apply, touches: Some(ByteSet::of(b"\\")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let first = memchr::memchr(b'\\', value)?;
    let (kept, mut rest) = value.split_at(first);
    let mut out = Vec::with_capacity(value.len());
    out.extend_from_slice(kept);
    while let [byte, after @ ..] = rest {
        if *byte != b'\\' {
            out.push(*byte);
            rest = after;
            continue;
        }
        let digits = after.iter().take(6).take_while(|&&digit| hexadecimal(digit).is_some()).count();
        let (escape, after_digits) = after.split_at(digits);
        rest = match (escape, after_digits) {
            ([], []) => &[],
            ([], [b'\n', after @ ..]) => after,
            ([], [byte, after @ ..]) => {
                out.push(*byte);
                after
            }
            (_, [space, after @ ..]) if is_whitespace(*space) => {
                out.push(meaning(escape));
                after
            }
            _ => {
                out.push(meaning(escape));
                after_digits
            }
        };
    }
    Some(out)
}

/// The byte of one to six digits: the lower one, or ASCII for a full-width character with nothing but zeros before it.
fn meaning(digits: &[u8]) -> u8 {
    let number = digits.iter().fold(0_u32, |number, &digit| (number << 4) | u32::from(hexadecimal(digit).unwrap_or(0)));
    let [_, high, middle, low] = number.to_be_bytes();
    if digits.len() >= 4 && high == 0 && middle == 0xff { narrow(low) } else { low }
}
