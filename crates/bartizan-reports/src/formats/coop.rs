//! Cross-Origin-Opener-Policy (HTML, 7.1.3): what a page and its opener lost of each other.

use super::{Kind, as_sent, never_bare};

pub(super) const KIND: Kind = Kind {
    name: "coop",
    also: &[],
    about: "what a page and its opener lost of each other",
    wrapper: None,
    is_bare: never_bare,
    read: as_sent,
    what: &["type", "violation"],
    target: &["nextResponseURL", "previousResponseURL", "openedWindowURL", "openerURL", "otherDocumentURL"],
    source: &["sourceFile"],
};
