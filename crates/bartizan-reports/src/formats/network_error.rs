//! Network error logging (NEL, 5): what kept browsers from a host, and samples of what did not.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "network-error",
    also: &["nel"],
    about: "what kept browsers from a host",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["type"],
    target: &[],
    source: &[],
};
