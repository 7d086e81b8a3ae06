//! `trimRight`: without the white space behind it.

use super::characters::WHITESPACE;
use super::{Context, Transformation, trim};

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "trimRight", aliases: &[], apply, touches: Some(WHITESPACE) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let trimmed = trim::right(value);
    (trimmed.len() != value.len()).then(|| trimmed.to_vec())
}
