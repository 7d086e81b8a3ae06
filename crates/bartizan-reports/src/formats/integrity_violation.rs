//! Integrity-Policy (SRI, level 2): scripts without integrity metadata.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "integrity-violation",
    also: &[],
    about: "scripts and styles without integrity metadata",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["destination"],
    target: &["blockedURL"],
    source: &[],
};
