//! `cmdLine`: a command line as the shells of Unix and Windows both read it.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "cmdLine", aliases: &["cmd_line"], apply, touches: Some(TOUCHES) };

const TOUCHES: ByteSet = ByteSet::of(b"\"'\\^ ,;\t\r\n/(").union(ByteSet::range(b'A', b'Z'));

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    TOUCHES.find_in(value)?;
    let mut out = Vec::with_capacity(value.len());
    let mut is_after_space = false;
    for &byte in value {
        match byte {
            b'"' | b'\'' | b'\\' | b'^' => {}
            b' ' | b',' | b';' | b'\t' | b'\r' | b'\n' => {
                if !is_after_space {
                    out.push(b' ');
                }
                is_after_space = true;
            }
            b'/' | b'(' => {
                if is_after_space {
                    out.pop();
                }
                out.push(byte);
                is_after_space = false;
            }
            _ => {
                out.push(byte.to_ascii_lowercase());
                is_after_space = false;
            }
        }
    }
    (out != value).then_some(out)
}
