//! Cross-Origin-Embedder-Policy (HTML, 7.1.4): what was loaded without the consent it asks for.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "coep",
    also: &[],
    about: "what a page loaded without the consent that its embedder policy asks for",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["type"],
    target: &["blockedURL"],
    source: &[],
};
