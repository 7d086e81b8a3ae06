//! `removeDocuments`: ours, not ModSecurity's. A text that somebody wrote at length becomes empty.
//!
//! For rules about values that leave their place in a statement or a command, where prose only speaks of such.

use super::document::is_document;
use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "removeDocuments", aliases: &[], apply, touches: Some(ByteSet::of(b"\n<")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    is_document(value).then(Vec::new)
}
