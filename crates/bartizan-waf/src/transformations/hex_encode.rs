//! `hexEncode`: each byte becomes two digits.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "hexEncode", aliases: &[], apply, touches: Some(ByteSet::ALL) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    if value.is_empty() {
        return None;
    }
    Some(value.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| DIGITS[usize::from(digit)]).collect())
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";
