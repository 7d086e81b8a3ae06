//! A chain of redirects: what was asked, and each answer on the way.

use url::Url;

use super::Response;

/// What came of asking for one address and following where it led.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The address that was asked for first.
    pub asked: Url,
    /// Why it was asked for.
    pub purpose: Purpose,
    /// The answers in their order; the last is no redirect, unless the end says otherwise.
    pub responses: Vec<Response>,
    /// How it ended.
    pub end: End,
    /// Whether every certificate on the way was trusted; of no meaning where all was plain HTTP.
    pub is_trusted: bool,
}

/// Why an address was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// It is another path of the site.
    Path,
    /// It is the site.
    Site,
    /// It is the site's other name, with or without `www.`.
    Sister,
}

/// How a chain ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With an answer that leads nowhere else.
    Answered,
    /// It was still going on when the scanner gave up.
    Endless,
    /// With an address that cannot be read, or none.
    Nowhere,
    /// Nobody answered at the last address, for this reason.
    Unreachable(String),
}

impl Chain {
    /// Returns the last answer.
    pub fn last(&self) -> Option<&Response> {
        self.responses.last()
    }

    /// Returns each answer and the one that it led to.
    pub fn steps(&self) -> impl Iterator<Item = (&Response, &Response)> {
        self.responses.iter().zip(self.responses.iter().skip(1))
    }

    /// Whether it began over plain HTTP.
    pub fn is_from_http(&self) -> bool {
        self.asked.scheme() == "http"
    }
}
