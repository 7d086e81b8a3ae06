//! `base64Encode`: base64 with padding (RFC 4648, 4).

use super::{Context, Transformation};
use base64::Engine as _;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "base64Encode", aliases: &[], apply, touches: Some(crate::byte_set::ByteSet::ALL) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    (!value.is_empty()).then(|| base64::engine::general_purpose::STANDARD.encode(value).into_bytes())
}
