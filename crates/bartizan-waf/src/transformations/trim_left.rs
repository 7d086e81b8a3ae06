//! `trimLeft`: without the white space before it.

use super::characters::WHITESPACE;
use super::{Context, Transformation, trim};

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "trimLeft", aliases: &[], apply, touches: Some(WHITESPACE) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let trimmed = trim::left(value);
    (trimmed.len() != value.len()).then(|| trimmed.to_vec())
}
