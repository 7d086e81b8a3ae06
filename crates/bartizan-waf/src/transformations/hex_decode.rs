//! `hexDecode`: two digits become a byte; letters beyond F count on as they come.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "hexDecode", aliases: &[], apply, touches: Some(ByteSet::ALL) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    if value.is_empty() {
        return None;
    }
    let pairs = value.as_chunks::<2>().0;
    Some(pairs.iter().map(|[high, low]| digit(*high).wrapping_mul(16).wrapping_add(digit(*low))).collect())
}

/// The worth of a digit; of any other byte what the same arithmetic gives.
const fn digit(byte: u8) -> u8 {
    if byte >= b'A' { (byte & 0xdf).wrapping_sub(b'A').wrapping_add(10) } else { byte.wrapping_sub(b'0') }
}
