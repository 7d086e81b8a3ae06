//! Sec-Fetch-Site, -Mode, -Dest and -User (W3C Fetch Metadata): what a browser says of a request's cause.
//!
//! A server must pass over values it does not know; they are read as nothing, with a note.

use std::fmt;

use http::HeaderName;

use crate::field::{Field, Note, Parsed};
use crate::syntax::trim;

/// Sec-Fetch-Site: how the cause's origin relates to the target's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FetchSite {
    /// Another site.
    CrossSite,
    /// The person: an address typed, a bookmark.
    None,
    /// The same origin.
    SameOrigin,
    /// Another origin of the same site.
    SameSite,
}

/// Sec-Fetch-Mode: how the answer will be treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FetchMode {
    /// By the rules of cross-origin sharing.
    Cors,
    /// As a document to show.
    Navigate,
    /// Without being readable.
    NoCors,
    /// Only from the same origin.
    SameOrigin,
    /// As a socket.
    Websocket,
}

/// Sec-Fetch-Dest: what the answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each variant is the destination of that name in Fetch, 2.2.5")]
pub enum FetchDest {
    Audio,
    AudioWorklet,
    Document,
    Embed,
    Empty,
    FencedFrame,
    Font,
    Frame,
    Iframe,
    Image,
    Json,
    Manifest,
    Object,
    PaintWorklet,
    Report,
    Script,
    ServiceWorker,
    SharedWorker,
    SpeculationRules,
    Style,
    Track,
    Video,
    WebIdentity,
    Worker,
    Xslt,
}

/// Sec-Fetch-User: a person's act caused the navigation. It is never sent otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FetchUser;

impl FetchDest {
    /// Whether the answer is to be shown as a page, at the top or in a frame.
    pub const fn is_page(self) -> bool {
        matches!(self, Self::Document | Self::Embed | Self::FencedFrame | Self::Frame | Self::Iframe | Self::Object)
    }
}

impl Field for FetchSite {
    const NAME: HeaderName = HeaderName::from_static("sec-fetch-site");

    fn parse(lines: &[&str]) -> Parsed<Self> {
        one_of(SITES, lines)
    }
}

impl Field for FetchMode {
    const NAME: HeaderName = HeaderName::from_static("sec-fetch-mode");

    fn parse(lines: &[&str]) -> Parsed<Self> {
        one_of(MODES, lines)
    }
}

impl Field for FetchDest {
    const NAME: HeaderName = HeaderName::from_static("sec-fetch-dest");

    fn parse(lines: &[&str]) -> Parsed<Self> {
        one_of(DESTS, lines)
    }
}

impl Field for FetchUser {
    const NAME: HeaderName = HeaderName::from_static("sec-fetch-user");

    fn parse(lines: &[&str]) -> Parsed<Self> {
        one_of(&[("?1", Self)], lines)
    }
}

impl fmt::Display for FetchSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_name(SITES, *self, f)
    }
}

impl fmt::Display for FetchMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_name(MODES, *self, f)
    }
}

impl fmt::Display for FetchDest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_name(DESTS, *self, f)
    }
}

impl fmt::Display for FetchUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("?1")
    }
}

/// A field in two lines is no single token, and thus says nothing that could be trusted.
fn one_of<T: Copy>(names: &[(&str, T)], lines: &[&str]) -> Parsed<T> {
    match lines {
        [] => Parsed::absent(),
        [line] => match names.iter().find_map(|(name, value)| (*name == trim(line)).then_some(*value)) {
            Some(value) => Parsed::accepted(value, Vec::new()),
            None => Parsed::rejected(Vec::new(), Note::unknown(line)),
        },
        _ => Parsed::rejected(Vec::new(), Note::RepeatedField),
    }
}

fn write_name<T: Copy + PartialEq>(names: &[(&str, T)], wanted: T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(names.iter().find_map(|(name, value)| (*value == wanted).then_some(*name)).unwrap_or_default())
}

const SITES: &[(&str, FetchSite)] = &[
    ("cross-site", FetchSite::CrossSite),
    ("none", FetchSite::None),
    ("same-origin", FetchSite::SameOrigin),
    ("same-site", FetchSite::SameSite),
];

const MODES: &[(&str, FetchMode)] = &[
    ("cors", FetchMode::Cors),
    ("navigate", FetchMode::Navigate),
    ("no-cors", FetchMode::NoCors),
    ("same-origin", FetchMode::SameOrigin),
    ("websocket", FetchMode::Websocket),
];

const DESTS: &[(&str, FetchDest)] = &[
    ("audio", FetchDest::Audio),
    ("audioworklet", FetchDest::AudioWorklet),
    ("document", FetchDest::Document),
    ("embed", FetchDest::Embed),
    ("empty", FetchDest::Empty),
    ("fencedframe", FetchDest::FencedFrame),
    ("font", FetchDest::Font),
    ("frame", FetchDest::Frame),
    ("iframe", FetchDest::Iframe),
    ("image", FetchDest::Image),
    ("json", FetchDest::Json),
    ("manifest", FetchDest::Manifest),
    ("object", FetchDest::Object),
    ("paintworklet", FetchDest::PaintWorklet),
    ("report", FetchDest::Report),
    ("script", FetchDest::Script),
    ("serviceworker", FetchDest::ServiceWorker),
    ("sharedworker", FetchDest::SharedWorker),
    ("speculationrules", FetchDest::SpeculationRules),
    ("style", FetchDest::Style),
    ("track", FetchDest::Track),
    ("video", FetchDest::Video),
    ("webidentity", FetchDest::WebIdentity),
    ("worker", FetchDest::Worker),
    ("xslt", FetchDest::Xslt),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_single_values_count() {
        for (lines, site) in [
            (&["cross-site"][..], Some(FetchSite::CrossSite)),
            (&["same-origin"], Some(FetchSite::SameOrigin)),
            (&["none"], Some(FetchSite::None)),
            (&["Same-Origin"], None),
            (&["same-origin", "same-origin"], None),
            (&["same-origin, cross-site"], None),
            (&[], None),
        ] {
            assert_eq!(FetchSite::parse(lines).value, site, "{lines:?}");
        }
        assert_eq!(FetchMode::parse(&["navigate"]).value, Some(FetchMode::Navigate));
        assert_eq!(FetchUser::parse(&["?0"]).value, None);
    }

    #[test]
    fn names_are_read_back() {
        for (name, dest) in DESTS {
            assert_eq!(FetchDest::parse(&[name]), Parsed::accepted(*dest, Vec::new()));
            assert_eq!(dest.to_string(), *name);
        }
        assert!(FetchDest::Iframe.is_page() && !FetchDest::Image.is_page());
    }
}
