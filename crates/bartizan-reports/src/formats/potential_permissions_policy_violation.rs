//! Permissions-Policy: features that a frame would be refused, if it used them.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "potential-permissions-policy-violation",
    also: &[],
    about: "features that a frame would be refused",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["policyId", "featureId"],
    target: &["srcAttribute"],
    source: &["sourceFile"],
};
