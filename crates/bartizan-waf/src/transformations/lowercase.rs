//! `lowercase`: the letters of ASCII.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "lowercase", aliases: &[], apply, touches: Some(ByteSet::range(b'A', b'Z')) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    value.iter().any(u8::is_ascii_uppercase).then(|| value.to_ascii_lowercase())
}
