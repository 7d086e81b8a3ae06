//! What a browser refused to do for a page, for the sake of its user.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "intervention",
    also: &[],
    about: "what browsers refused to do for a page",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["id"],
    target: &[],
    source: &["sourceFile"],
};
