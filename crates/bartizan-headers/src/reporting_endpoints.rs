//! Reporting-Endpoints (W3C Reporting API, 3.1): names for the addresses that reports go to.

use std::fmt;

use http::HeaderName;
use sfv::{Dictionary, ListEntry, Parser};

use crate::field::{Field, Note, Parsed};
use crate::syntax::{write_joined, write_quoted};

/// Named endpoints in the order written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportingEndpoints {
    endpoints: Vec<Endpoint>,
}

/// One endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The name that policies use.
    pub name: String,
    /// The address; it may be relative to the page's.
    pub address: String,
}

impl ReportingEndpoints {
    /// Returns the endpoints.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// Returns the address behind a name.
    pub fn address(&self, name: &str) -> Option<&str> {
        self.endpoints.iter().find(|endpoint| endpoint.name == name).map(|endpoint| endpoint.address.as_str())
    }

    /// Returns these endpoints and those of ours whose names are still free: the app's reports keep their way.
    pub fn joined_with(mut self, ours: &Self) -> Self {
        for endpoint in &ours.endpoints {
            if self.address(&endpoint.name).is_none() {
                self.endpoints.push(endpoint.clone());
            }
        }
        self
    }
}

impl Field for ReportingEndpoints {
    const NAME: HeaderName = HeaderName::from_static("reporting-endpoints");

    /// Reads all lines as one dictionary; a member that is no string is passed over.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        if lines.is_empty() {
            return Parsed::absent();
        }
        let mut notes = Vec::new();
        let text = lines.join(", ");
        let Ok(dictionary) = Parser::new(&text).parse::<Dictionary>() else {
            return Parsed::rejected(notes, Note::syntax(&text));
        };
        let mut endpoints = Vec::new();
        for (name, entry) in &dictionary {
            match entry {
                ListEntry::Item(item) if item.bare_item.as_string().is_some_and(|text| !text.as_str().is_empty()) => {
                    let address = item.bare_item.as_string().map(|text| text.as_str().to_owned()).unwrap_or_default();
                    endpoints.push(Endpoint { name: name.as_str().to_owned(), address });
                }
                _ => notes.push(Note::invalid(name.as_str(), "not an address in quotes")),
            }
        }
        if endpoints.is_empty() {
            return Parsed::rejected(notes, Note::Empty);
        }
        Parsed::accepted(Self { endpoints }, notes)
    }
}

impl fmt::Display for ReportingEndpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, &self.endpoints, ", ")
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.name)?;
        write_quoted(f, &self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_named_addresses() {
        for (lines, canonical, notes) in [
            (&["main=\"https://a.example/r\", b=\"/x\""][..], Some("main=\"https://a.example/r\", b=\"/x\""), 0),
            (&["a=\"/x\"", "b=\"/y\""], Some("a=\"/x\", b=\"/y\""), 0),
            (&["a=/x, b=\"/y\""], None, 1),
            (&["a=1, b=\"/y\""], Some("b=\"/y\""), 1),
            (&["Main=\"/x\""], None, 1),
            (&[""], None, 1),
            (&[], None, 0),
        ] {
            let parsed = ReportingEndpoints::parse(lines);
            assert_eq!(parsed.value.map(|value| value.to_string()).as_deref(), canonical, "{lines:?}");
            assert_eq!(parsed.notes.len(), notes, "{lines:?}: {:?}", parsed.notes);
        }
    }

    #[test]
    fn the_apps_endpoints_keep_their_names() {
        let [app, ours] =
            ["a=\"/app\"", "a=\"/ours\", b=\"/ours\""].map(|text| ReportingEndpoints::strict(text).unwrap());
        assert_eq!(app.joined_with(&ours).to_string(), "a=\"/app\", b=\"/ours\"");
    }
}
