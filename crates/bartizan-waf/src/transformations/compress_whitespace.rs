//! `compressWhitespace`: each run of white space becomes one space.

use super::characters::{WHITESPACE, is_whitespace};
use super::{Context, Transformation};

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "compressWhitespace", aliases: &[], apply, touches: Some(WHITESPACE) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let mut is_after_space = false;
    let first = value.iter().position(|&byte| {
        let is_changed = is_whitespace(byte) && (is_after_space || byte != b' ');
        is_after_space = is_whitespace(byte);
        is_changed
    })?;
    let (kept, rest) = value.split_at(first);
    let mut out = Vec::with_capacity(value.len());
    out.extend_from_slice(kept);
    let mut is_after_space = kept.last().is_some_and(|&byte| is_whitespace(byte));
    for &byte in rest {
        if !is_whitespace(byte) {
            out.push(byte);
        } else if !is_after_space {
            out.push(b' ');
        }
        is_after_space = is_whitespace(byte);
    }
    Some(out)
}
