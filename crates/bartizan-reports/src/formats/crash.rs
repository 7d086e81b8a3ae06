//! Crashes of a page: out of memory, unresponsive, or simply gone.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "crash",
    also: &[],
    about: "pages that crashed",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["reason"],
    target: &[],
    source: &[],
};
