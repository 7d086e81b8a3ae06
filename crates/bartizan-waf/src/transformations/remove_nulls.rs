//! `removeNulls`: zero bytes are cut out.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "removeNulls", aliases: &[], apply, touches: Some(ByteSet::of(b"\0")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    memchr::memchr(0, value)?;
    Some(value.iter().copied().filter(|&byte| byte != 0).collect())
}
