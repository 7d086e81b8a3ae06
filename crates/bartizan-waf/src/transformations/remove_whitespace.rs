//! `removeWhitespace`: white space is cut out, and both bytes of a no-break space in UTF-8.

use super::characters::WHITESPACE;
use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "removeWhitespace", aliases: &[], apply, touches: Some(REMOVED) };

const REMOVED: ByteSet = WHITESPACE.union(ByteSet::of(b"\xa0\xc2"));

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    REMOVED.find_in(value)?;
    Some(value.iter().copied().filter(|&byte| !REMOVED.contains(byte)).collect())
}
