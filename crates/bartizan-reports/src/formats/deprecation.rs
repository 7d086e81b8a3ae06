//! Features in use that browsers are about to remove.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "deprecation",
    also: &[],
    about: "features in use that browsers are about to remove",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["id"],
    target: &[],
    source: &["sourceFile"],
};
