//! `none`: nothing. It also ends what a rule inherits, which is for the compiler of rules to see to.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "none", aliases: &[], apply, touches: Some(ByteSet::EMPTY) };

const fn apply(_: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    None
}
