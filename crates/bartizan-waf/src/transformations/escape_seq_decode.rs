//! `escapeSeqDecode`: the escapes of strings in C.

use super::characters::{control, octal, two_digits};
use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "escapeSeqDecode", aliases: &[], apply, touches: Some(ByteSet::of(b"\\")) };

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
        let hexadecimal = if matches!(letter, b'x' | b'X') { two_digits(after_letter) } else { None };
        let (meaning, length) = match (control(*letter), hexadecimal, octal(after)) {
            (Some(control), ..) => (control, 1),
            (_, Some(byte), _) => (byte, 3),
            (.., Some((number, digits))) => (number as u8, digits),
            // Not an escape: the backslash goes, what follows stays.
            _ => (*letter, 1),
        };
        out.push(meaning);
        rest = after.get(length..).unwrap_or_default();
    }
    (out != value).then_some(out)
}
