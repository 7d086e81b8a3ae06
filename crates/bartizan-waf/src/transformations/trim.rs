//! `trim`: without the white space around it.

use super::characters::{WHITESPACE, is_whitespace};
use super::{Context, Transformation};

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "trim", aliases: &[], apply, touches: Some(WHITESPACE) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let trimmed = right(left(value));
    (trimmed.len() != value.len()).then(|| trimmed.to_vec())
}

/// The value without the white space before it.
pub(super) fn left(value: &[u8]) -> &[u8] {
    let spaces = value.iter().take_while(|&&byte| is_whitespace(byte)).count();
    value.get(spaces..).unwrap_or_default()
}

/// The value without the white space behind it.
pub(super) fn right(value: &[u8]) -> &[u8] {
    let spaces = value.iter().rev().take_while(|&&byte| is_whitespace(byte)).count();
    value.get(..value.len() - spaces).unwrap_or_default()
}
