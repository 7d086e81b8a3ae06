//! `parityZero7bit`: the eighth bit is cleared.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "parityZero7bit", aliases: &[], apply, touches: Some(ByteSet::range(0x80, 0xff)) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    (!value.is_ascii()).then(|| value.iter().map(|byte| byte & 0x7f).collect())
}
