//! Expect-Staple: handshakes without a usable OCSP response.

use super::{Kind, certificate};

pub(super) const KIND: Kind = Kind {
    name: "expect-staple",
    also: &[],
    about: "handshakes without a usable OCSP response",
    wrapper: Some("expect-staple-report"),
    is_bare: |object| object.text("hostname").is_some() && (object.has("response-status") || object.has("cert-status")),
    read: certificate::read,
    what: &["response-status"],
    target: &["hostname"],
    source: &[],
};
