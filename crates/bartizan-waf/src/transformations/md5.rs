//! `md5`: the digest of the value, as bytes (RFC 1321).

use super::{Context, Transformation};
use md5::Digest as _;

pub(super) const TRANSFORMATION: Transformation = Transformation { name: "md5", aliases: &[], apply, touches: None };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    Some(md5::Md5::digest(value).to_vec())
}
