//! `sha1`: the digest of the value, as bytes (FIPS 180-4).

use super::{Context, Transformation};
use sha1::Digest as _;

pub(super) const TRANSFORMATION: Transformation = Transformation { name: "sha1", aliases: &[], apply, touches: None };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    Some(sha1::Sha1::digest(value).to_vec())
}
