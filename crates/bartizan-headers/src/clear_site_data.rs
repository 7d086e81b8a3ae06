//! Clear-Site-Data (W3C Clear Site Data): what a browser throws away.

use std::fmt;

use http::HeaderName;

use crate::field::{Field, Note, Parsed};
use crate::syntax::{split_outside_quotes, write_joined};

/// The kinds of data to throw away, each once, in the order written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearSiteData {
    /// The kinds; never empty when read.
    pub kinds: Vec<SiteData>,
}

/// A kind of data that a browser keeps for a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteData {
    /// `"*"`: all of it.
    All,
    /// Stored responses.
    Cache,
    /// Hints that the browser may send.
    ClientHints,
    /// Cookies and stored credentials.
    Cookies,
    /// The pages themselves are loaded anew.
    ExecutionContexts,
    /// Pages fetched ahead.
    PrefetchCache,
    /// Pages shown ahead.
    PrerenderCache,
    /// All other storage.
    Storage,
}

impl Field for ClearSiteData {
    const NAME: HeaderName = HeaderName::from_static("clear-site-data");

    fn parse(lines: &[&str]) -> Parsed<Self> {
        if lines.is_empty() {
            return Parsed::absent();
        }
        let mut notes = Vec::new();
        let mut kinds = Vec::new();
        for part in lines.iter().flat_map(|line| split_outside_quotes(line, ',')).filter(|part| !part.is_empty()) {
            match ALL.into_iter().find(|kind| kind.as_str() == part) {
                Some(kind) if kinds.contains(&kind) => notes.push(Note::duplicate(part)),
                Some(kind) => kinds.push(kind),
                None => notes.push(Note::unknown(part)),
            }
        }
        if kinds.is_empty() {
            return Parsed::rejected(notes, Note::Empty);
        }
        Parsed::accepted(Self { kinds }, notes)
    }
}

impl SiteData {
    /// Returns the kind as it is written, quotes included.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "\"*\"",
            Self::Cache => "\"cache\"",
            Self::ClientHints => "\"clientHints\"",
            Self::Cookies => "\"cookies\"",
            Self::ExecutionContexts => "\"executionContexts\"",
            Self::PrefetchCache => "\"prefetchCache\"",
            Self::PrerenderCache => "\"prerenderCache\"",
            Self::Storage => "\"storage\"",
        }
    }
}

impl fmt::Display for ClearSiteData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, &self.kinds, ", ")
    }
}

impl fmt::Display for SiteData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const ALL: [SiteData; 8] = [
    SiteData::All,
    SiteData::Cache,
    SiteData::ClientHints,
    SiteData::Cookies,
    SiteData::ExecutionContexts,
    SiteData::PrefetchCache,
    SiteData::PrerenderCache,
    SiteData::Storage,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_stand_in_quotes() {
        for (lines, canonical, notes) in [
            (&["\"cookies\", \"storage\""][..], Some("\"cookies\", \"storage\""), 0),
            (&["\"*\"", "\"cache\""], Some("\"*\", \"cache\""), 0),
            (&["\"cache\", \"cache\", \"sweets\""], Some("\"cache\""), 2),
            (&["cookies"], None, 2),
            (&["\"Cookies\""], None, 2),
            (&[], None, 0),
        ] {
            let parsed = ClearSiteData::parse(lines);
            assert_eq!(parsed.value.map(|value| value.to_string()).as_deref(), canonical, "{lines:?}");
            assert_eq!(parsed.notes.len(), notes, "{lines:?}: {:?}", parsed.notes);
        }
    }
}
