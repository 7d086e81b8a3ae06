//! `utf8toUnicode`: characters of UTF-8 beyond ASCII become `%uHHHH`.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "utf8toUnicode", aliases: &[], apply, touches: Some(ByteSet::range(0x80, 0xff).with(0)) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    ByteSet::range(0x80, 0xff).with(0).find_in(value)?;
    let mut out = Vec::with_capacity(value.len() * 3);
    let mut rest = value;
    while let [lead, after @ ..] = rest {
        rest = after;
        let length = match lead {
            // A zero byte is dropped, except as the last one.
            0 if !after.is_empty() => continue,
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf7 => 4,
            _ => {
                out.push(*lead);
                continue;
            }
        };
        // Beyond U+10FFFF (RFC 3629, 3).
        if *lead >= 0xf5 {
            out.push(*lead);
        }
        // A sequence that breaks off loses its first byte: rules are written for that.
        let Some(code_point) = sequence(*lead, after.get(..length - 1)) else { continue };
        rest = after.get(length - 1..).unwrap_or_default();
        out.extend_from_slice(format!("%u{code_point:04x}").as_bytes());
        // What is not a character, or is written longer than needed, keeps its first byte as a mark.
        if matches!(code_point, 0xd800..=0xdfff) || code_point < shortest(length) {
            out.push(*lead);
        }
    }
    (out != value).then_some(out)
}

/// The code point of a lead byte and its continuation bytes.
fn sequence(lead: u8, continuation: Option<&[u8]>) -> Option<u32> {
    let continuation = continuation?;
    let lead_bits = u32::from(lead) & (0x7f >> (continuation.len() + 1));
    continuation.iter().try_fold(lead_bits, |code_point, byte| {
        (byte & 0xc0 == 0x80).then_some((code_point << 6) | u32::from(byte & 0x3f))
    })
}

/// The first code point that needs so many bytes.
const fn shortest(length: usize) -> u32 {
    match length {
        2 => 0x80,
        3 => 0x800,
        _ => 0x1_0000,
    }
}
