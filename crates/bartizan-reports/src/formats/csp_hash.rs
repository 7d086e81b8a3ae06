//! Hashes of scripts that a policy asked for by `report-sha256` and its like (CSP, level 3).

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "csp-hash",
    also: &[],
    about: "the hashes of scripts that ran",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["destination"],
    target: &["subresourceURL"],
    source: &[],
};
