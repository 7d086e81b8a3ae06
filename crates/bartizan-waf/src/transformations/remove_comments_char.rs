//! `removeCommentsChar`: the marks of comments are cut out, their text stays.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "removeCommentsChar", aliases: &[], apply, touches: Some(ByteSet::of(b"/*<-#")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    ByteSet::of(b"/*<-#").find_in(value)?;
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [byte, after @ ..] = rest {
        rest = match rest {
            [b'<', b'!', b'-', b'-', after @ ..]
            | [b'-', b'-', b'>', after @ ..]
            | [b'/', b'*', after @ ..]
            | [b'*', b'/', after @ ..]
            | [b'-', b'-', after @ ..]
            | [b'#', after @ ..] => after,
            _ => {
                out.push(*byte);
                after
            }
        };
    }
    (out.len() != value.len()).then_some(out)
}
