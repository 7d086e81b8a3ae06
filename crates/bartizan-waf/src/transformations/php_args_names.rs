//! `phpArgsNames`: the name that PHP gives a parameter.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "phpArgsNames", aliases: &[], apply, touches: Some(ByteSet::of(b"[ .=")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    ByteSet::of(b"[ .=").find_in(value)?;
    let name = php_name(value);
    (name != value).then_some(name)
}

/// Spaces and dots become underscores, up to the first bracket; a bracket that nothing closes does so, too.
fn php_name(value: &[u8]) -> Vec<u8> {
    if matches!(value.first(), Some(b'[' | b'=')) {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(value.len());
    let mut at = value.iter().take_while(|&&byte| byte == b' ').count();
    let mut is_open = false;
    let mut is_array = false;
    while let Some(&byte) = value.get(at) {
        match byte {
            b'[' if !is_open => {
                if closing(value, at).is_some() {
                    is_array = true;
                    break;
                }
                out.push(b'_');
                is_open = true;
            }
            b' ' | b'.' if !is_open => out.push(b'_'),
            _ => out.push(byte),
        }
        at += 1;
    }
    while is_array && value.get(at) == Some(&b'[') {
        let Some(end) = closing(value, at) else { break };
        // `[ ]` is the empty subscript.
        if end == at + 2 && value.get(at + 1) == Some(&b' ') {
            out.push(b'[');
            at += 2;
        }
        out.extend_from_slice(value.get(at..=end).unwrap_or_default());
        at = end + 1;
    }
    out
}

/// The place of the next closing bracket. A zero byte hides what follows it.
fn closing(value: &[u8], from: usize) -> Option<usize> {
    let place = from + memchr::memchr2(b']', 0, value.get(from..)?)?;
    (value.get(place) == Some(&b']')).then_some(place)
}
