//! `uppercase`: the letters of ASCII.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "uppercase", aliases: &[], apply, touches: Some(ByteSet::range(b'a', b'z')) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    value.iter().any(u8::is_ascii_lowercase).then(|| value.to_ascii_uppercase())
}
