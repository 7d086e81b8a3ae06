//! `replaceNulls`: zero bytes become spaces.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "replaceNulls", aliases: &[], apply, touches: Some(ByteSet::of(b"\0")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    memchr::memchr(0, value)?;
    Some(value.iter().map(|&byte| if byte == 0 { b' ' } else { byte }).collect())
}
