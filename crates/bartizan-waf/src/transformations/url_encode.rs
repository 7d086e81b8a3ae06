//! `urlEncode`: the form of `application/x-www-form-urlencoded`, with small digits.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "urlEncode", aliases: &[], apply, touches: Some(KEPT.complement()) };

const KEPT: ByteSet =
    ByteSet::range(b'a', b'z').union(ByteSet::range(b'A', b'Z')).union(ByteSet::range(b'0', b'9')).with(b'*');

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    KEPT.complement().find_in(value)?;
    let mut out = Vec::with_capacity(value.len() * 3);
    for &byte in value {
        match byte {
            b' ' => out.push(b'+'),
            _ if KEPT.contains(byte) => out.push(byte),
            _ => out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
        }
    }
    Some(out)
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";
