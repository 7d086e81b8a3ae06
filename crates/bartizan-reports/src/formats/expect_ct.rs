//! Expect-CT (RFC 9163, 3): certificates without the transparency a host asked for.

use super::{Kind, certificate};

pub(super) const KIND: Kind = Kind {
    name: "expect-ct",
    also: &[],
    about: "certificates without the transparency that a host asked for",
    wrapper: Some("expect-ct-report"),
    is_bare: |object| object.text("hostname").is_some() && object.has("scts"),
    read: certificate::read,
    what: &["failure-mode"],
    target: &["hostname"],
    source: &[],
};
