//! Public key pinning (RFC 7469, 3): certificate chains without a pinned key.

use super::{Kind, certificate};

pub(super) const KIND: Kind = Kind {
    name: "hpkp",
    also: &[],
    about: "certificate chains without a pinned key",
    wrapper: None,
    is_bare: |object| {
        object.text("hostname").is_some() && (object.has("known-pins") || object.has("served-certificate-chain"))
    },
    read: certificate::read,
    what: &["noted-hostname"],
    target: &["hostname"],
    source: &[],
};
