//! `length`: how many bytes the value has, in decimal digits.

use super::{Context, Transformation};

pub(super) const TRANSFORMATION: Transformation = Transformation { name: "length", aliases: &[], apply, touches: None };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let length = value.len().to_string().into_bytes();
    (length != value).then_some(length)
}
