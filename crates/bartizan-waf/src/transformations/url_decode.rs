//! `urlDecode`: percent-encoding and plus signs; what is not valid stays.

use super::characters::two_digits;
use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "urlDecode", aliases: &[], apply, touches: Some(ByteSet::of(b"%+")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let first = memchr::memchr2(b'%', b'+', value)?;
    let (kept, mut rest) = value.split_at(first);
    let mut out = Vec::with_capacity(value.len());
    out.extend_from_slice(kept);
    while let [byte, after @ ..] = rest {
        rest = after;
        out.push(match (byte, two_digits(after)) {
            (b'+', _) => b' ',
            (b'%', Some(decoded)) => {
                rest = after.get(2..).unwrap_or_default();
                decoded
            }
            _ => *byte,
        });
    }
    (out != value).then_some(out)
}
