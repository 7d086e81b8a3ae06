//! `base64DecodeExt`: base64 with whatever stands between its digits left out.

use super::{Context, Transformation};

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "base64DecodeExt", aliases: &[], apply, touches: None };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let decoded = decode(value);
    (decoded != value).then_some(decoded)
}

/// Decodes all digits. Padding after one digit of a quad spoils everything, and so does a 9 that is alone at the end:
/// its value is the code of the padding.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut carry, mut digits) = (0_u8, 0_u8);
    for (at, &byte) in text.iter().enumerate() {
        if byte == b'=' {
            let is_last = text.get(at + 1) != Some(&b'=');
            if digits == 1 && is_last {
                return Vec::new();
            }
            continue;
        }
        let Some(sextet) = sextet(byte) else { continue };
        match digits {
            0 => carry = sextet << 2,
            1 => {
                out.push(carry | (sextet >> 4));
                carry = sextet << 4;
            }
            2 => {
                out.push(carry | (sextet >> 2));
                carry = sextet << 6;
            }
            _ => out.push(carry | sextet),
        }
        digits = (digits + 1) % 4;
    }
    if digits == 1 && text.last() == Some(&b'9') { Vec::new() } else { out }
}

/// The value of a digit of RFC 4648, 4.
const fn sextet(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
