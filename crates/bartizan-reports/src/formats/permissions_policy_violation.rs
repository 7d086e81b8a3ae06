//! Permissions-Policy: features used against it.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "permissions-policy-violation",
    also: &[],
    about: "features used against the permissions policy",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["policyId", "featureId"],
    target: &[],
    source: &["sourceFile"],
};
