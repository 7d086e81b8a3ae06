//! Document-Policy: features used against it.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "document-policy-violation",
    also: &[],
    about: "features used against the document policy",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["policyId", "featureId"],
    target: &[],
    source: &["sourceFile"],
};
