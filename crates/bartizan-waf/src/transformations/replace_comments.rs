//! `replaceComments`: each comment of C becomes a space.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "replaceComments", aliases: &[], apply, touches: Some(ByteSet::of(b"/")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let mut start = memchr::memmem::find(value, b"/*")?;
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    loop {
        let (kept, comment) = rest.split_at(start);
        out.extend_from_slice(kept);
        out.push(b' ');
        // The slash that opened it cannot close it.
        let Some(end) = comment.get(2..).and_then(|inside| memchr::memmem::find(inside, b"*/")) else {
            return Some(out);
        };
        rest = comment.get(end + 4..).unwrap_or_default();
        let Some(next) = memchr::memmem::find(rest, b"/*") else { break };
        start = next;
    }
    out.extend_from_slice(rest);
    Some(out)
}
