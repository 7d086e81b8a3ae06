//! `removeComments`: comments of C, SQL, HTML and the shell are cut out.

use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "removeComments", aliases: &[], apply, touches: Some(ByteSet::of(b"/<-#")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    ByteSet::of(b"/<-#").find_in(value)?;
    let out = without_comments(value);
    (out != value).then_some(out)
}

/// `/*` and `<!--` last until either end; `--` and `#` until the end of all. The byte behind a comment is taken as it is,
/// a zero byte where there is none: rules are written for that.
fn without_comments(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    loop {
        rest = match rest {
            [b'/', b'*', inside @ ..] | [b'<', b'!', b'-', b'-', inside @ ..] => {
                let Some(after) = after_comment(inside) else {
                    out.push(b' ');
                    return out;
                };
                out.push(after.first().copied().unwrap_or(0));
                after.get(1..).unwrap_or_default()
            }
            [] | [b'-', b'-', ..] | [b'#', ..] => return out,
            [byte, after @ ..] => {
                out.push(*byte);
                after
            }
        };
    }
}

/// What follows the end of a comment.
fn after_comment(mut inside: &[u8]) -> Option<&[u8]> {
    loop {
        inside = match inside {
            [] => return None,
            [b'*', b'/', after @ ..] | [b'-', b'-', b'>', after @ ..] => return Some(after),
            [_, after @ ..] => after,
        };
    }
}
