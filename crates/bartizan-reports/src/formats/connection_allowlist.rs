//! Connection-Allowlist: connections that a page was not allowed.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "connection-allowlist",
    also: &[],
    about: "connections that a page was not allowed",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["type", "id"],
    target: &["blockedURL", "connection", "url"],
    source: &["sourceFile"],
};
