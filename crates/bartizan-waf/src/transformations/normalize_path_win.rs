//! `normalizePathWin`: `normalizePath` with backslashes as slashes.

use super::{Context, Transformation, normalize_path};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation = Transformation {
    name: "normalizePathWin",
    aliases: &["normalisePathWin"],
    apply,
    touches: Some(ByteSet::of(b"\\/.")),
};

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    ByteSet::of(b"\\/.").find_in(value)?;
    let slashes: Vec<u8> = value.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
    let path = normalize_path::normalize(&slashes);
    (path != value).then_some(path)
}
