//! What attributes hold that a policy speaks about: code, styles, addresses, and frames that are handed features.

use htmlize::unescape_attribute;
use percent_encoding::percent_decode_str;

use super::State;
use crate::attributes::Attributes;
use crate::digest::Digest;
use crate::item::{Item, Verdict};
use crate::references;

impl State {
    /// Notes what only a hash can allow: handlers, style attributes, addresses that are code; and what is loaded from
    /// where.
    pub(super) fn read_attribute(&mut self, all: Attributes<'_>, tag: &[u8], name: &[u8], written: &[u8]) {
        let starts =
            |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()));
        let known = match name.len() {
            3 => &[("src", Holds::Address)][..],
            4 => &[("href", Holds::Address), ("data", Holds::Address)],
            5 if tag == b"iframe" => &[("allow", Holds::Features), ("style", Holds::Style)],
            5 => &[("style", Holds::Style)],
            6 => &[("action", Holds::Address), ("srcset", Holds::Addresses), ("poster", Holds::Addresses)],
            7 => &[("content", Holds::Names)],
            10 => &[("background", Holds::Addresses), ("formaction", Holds::Address), ("xlink:href", Holds::Address)],
            11 => &[("imagesrcset", Holds::Addresses)],
            15 if tag == b"iframe" => &[("allowfullscreen", Holds::Features)],
            _ => &[],
        };
        let known = known.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()));
        let kind = match known {
            Some((_, kind)) => *kind,
            None if starts("on") && name.len() > 2 => Holds::Handler,
            None if starts("data-") => Holds::Names,
            None => return,
        };
        // Most name nothing, most addresses are of the site's own, and neither is worth reading.
        let is_dull = match kind {
            Holds::Names => !contains(written, b"//") && !contains(written, b"\\/\\/") && !written.contains(&b'&'),
            // Nothing is loaded from where a link leads.
            Holds::Address if tag == b"a" => !may_be_code(written),
            Holds::Address | Holds::Addresses => self.is_base_own && is_plain_path(written),
            Holds::Features | Holds::Handler | Holds::Style => false,
        };
        if is_dull {
            return;
        }
        let (decoded, _) = self.encoding.decode_without_bom_handling(written);
        let value = unescape_attribute(&*decoded);
        if kind == Holds::Features {
            self.note_delegated(all, name, &value);
        }
        let item = match kind {
            Holds::Handler => Some(Item::Handler(Digest::of(&value))),
            Holds::Style => Some(Item::StyleAttribute(Digest::of(&value))),
            Holds::Address => script_of_address(&value),
            Holds::Addresses | Holds::Features | Holds::Names => None,
        };
        if let Some(item) = item {
            self.note_unless_echoed(item, Verdict::NeedsHash, &value);
        }
        if matches!(kind, Holds::Address | Holds::Addresses) {
            let lower = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_ascii_lowercase();
            let tag = String::from_utf8_lossy(tag);
            let relations = if tag == "link" { lower(all.value("rel").unwrap_or_default()) } else { String::new() };
            for (load, address) in references::of_attribute(&tag, &lower(name), &value, &relations) {
                if let Some(origin) = self.other_origin(address).filter(|_| !self.echo.holds(address)) {
                    self.note_once(Item::Loads(load, origin), Verdict::ByAddress);
                }
            }
        }
        // Where a link leads is nothing that the page uses.
        if matches!(kind, Holds::Names | Holds::Style) && !self.echo.holds(&value) {
            self.note_names(&value);
        }
    }

    /// Notes what a frame is handed.
    fn note_delegated(&mut self, all: Attributes<'_>, name: &[u8], value: &str) {
        let source = all.value("src").map(|written| self.encoding.decode_without_bom_handling(written).0);
        let frame = source.and_then(|source| self.other_origin(&unescape_attribute(&*source)));
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        for (feature, origin) in references::delegated(&name, value, frame.as_deref()) {
            self.note_once(Item::Delegates(feature, origin), Verdict::ByAddress);
        }
    }
}

/// What an attribute may hold that a policy speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// An address, or code in the place of one.
    Address,
    /// Addresses that are never code.
    Addresses,
    /// Features that a frame is handed.
    Features,
    /// Code.
    Handler,
    /// Any text, in which origins may be named.
    Names,
    /// Declarations.
    Style,
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

/// Whether an address is a path for certain, without a host, a scheme or anything that is written otherwise than read
/// (URL, 4.4: blanks at its ends and line breaks do not count, and a backslash is a slash).
fn is_plain_path(written: &[u8]) -> bool {
    let is_plain = |byte: &u8| !matches!(byte, 0..=b' ' | b'\\' | b'&' | b',' | b':');
    written.iter().all(is_plain) && !contains(written, b"//")
}

/// Whether an address may be code: all that begin otherwise are not.
fn may_be_code(written: &[u8]) -> bool {
    matches!(written.iter().find(|byte| **byte > b' '), Some(b'j' | b'J' | b'&'))
}

/// Returns the code that an address is, if it is (URL, 4.1: blanks around it and line breaks do not count).
///
/// Browsers compare the whole address, its scheme in lower case and its percent codes decoded.
fn script_of_address(address: &str) -> Option<Item> {
    let address: String = address.trim_matches(|c: char| c <= ' ').replace(['\t', '\n', '\r'], "");
    let scheme = address.get(..11)?;
    let code = percent_decode_str(address.get(11..)?).decode_utf8_lossy();
    scheme.eq_ignore_ascii_case("javascript:").then(|| Item::ScriptUrl(Digest::of(&format!("javascript:{code}"))))
}
