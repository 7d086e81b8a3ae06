//! `jsDecode`: the escapes of strings in JavaScript, of which the lower byte is kept.

use super::characters::{control, four_digits, octal, two_digits};
use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "jsDecode", aliases: &[], apply, touches: Some(ByteSet::of(b"\\")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let first = memchr::memchr(b'\\', value)?;
    let (kept, mut rest) = value.split_at(first);
    let mut out = Vec::with_capacity(value.len());
    out.extend_from_slice(kept);
    while let [byte, after @ ..] = rest {
        let [letter, after_letter @ ..] = after else {
            out.push(*byte);
            break;
        };
        if *byte != b'\\' {
            out.push(*byte);
            rest = after;
            continue;
        }
        let hexadecimal = match letter {
            b'u' => four_digits(after_letter).map(|byte| (byte, 5)),
            b'x' => two_digits(after_letter).map(|byte| (byte, 3)),
            _ => octal_byte(after),
        };
        let (meaning, length) = hexadecimal.unwrap_or((control(*letter).unwrap_or(*letter), 1));
        out.push(meaning);
        rest = after.get(length..).unwrap_or_default();
    }
    (out != value).then_some(out)
}

/// One byte in octal digits: a third one only where the number still fits.
fn octal_byte(rest: &[u8]) -> Option<(u8, usize)> {
    let (number, digits) = octal(rest)?;
    Some(u8::try_from(number).map_or(((number / 8) as u8, 2), |byte| (byte, digits)))
}
