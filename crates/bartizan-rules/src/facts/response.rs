//! One response: where it came from, its status, its header lines, and the start of its body where that was kept.

use std::sync::{Arc, LazyLock};

use bartizan_headers::content_type::is_document;
use bartizan_headers::{Field, Parsed};
use http::{HeaderMap, StatusCode};
use url::Url;

use super::Provenance;

/// A response; of its body at most the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    url: Url,
    status: StatusCode,
    lines: Vec<(Box<str>, Box<str>)>,
    body: Option<Arc<str>>,
}

impl Response {
    /// Returns a response as it came from an address.
    ///
    /// Header bytes beyond ASCII are replaced: no rule looks at them, and a finding must be printable.
    pub fn new(url: Url, status: StatusCode, headers: &HeaderMap) -> Self {
        let lines = headers
            .iter()
            .map(|(name, value)| (name.as_str().into(), String::from_utf8_lossy(value.as_bytes()).into()))
            .collect();
        Self { url, status, lines, body: None }
    }

    /// Returns the response with the start of its body, as text.
    pub fn with_body(mut self, body: impl Into<Arc<str>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Returns a 200 response from the host that all examples use, one header to a line.
    pub(crate) fn example(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| line.trim().split_once(':'));
        let lines = lines.map(|(name, value)| (name.to_ascii_lowercase().into(), value.trim().into())).collect();
        Self { url: EXAMPLE.clone(), status: StatusCode::OK, lines, body: None }
    }

    /// Returns the address.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the start of the body, where it was kept.
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// Returns where a finding about it was seen.
    pub fn at(&self) -> Provenance {
        Provenance::Live { url: self.url.clone() }
    }

    /// Whether the response came over HTTPS.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether a browser shows the body as a page that can run scripts: not so a redirect.
    pub fn is_document(&self) -> bool {
        !self.status.is_redirection() && self.lines("content-type").next().is_some_and(is_document)
    }

    /// Whether the field was sent.
    pub fn has(&self, name: &str) -> bool {
        self.lines(name).next().is_some()
    }

    /// Returns the lines of a field, by its name in lower case.
    pub fn lines<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(move |(known, _)| **known == *name).map(|(_, value)| &**value)
    }

    /// Returns what a browser makes of a field.
    pub fn field<T: Field>(&self) -> Parsed<T> {
        let name = T::NAME;
        T::parse(&self.lines(name.as_str()).collect::<Vec<_>>())
    }
}

static EXAMPLE: LazyLock<Url> =
    LazyLock::new(|| Url::parse("https://app.example/").expect("an address written out on this line"));
