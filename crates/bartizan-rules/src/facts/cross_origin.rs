//! Answers to requests that name another origin: what CORS lets it read.

use http::Method;

use super::Response;

/// An answer to a request with an `Origin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossOriginAnswer {
    /// The origin, as it was sent.
    pub origin: String,
    /// What kind of origin it is, seen from the site.
    pub stranger: Stranger,
    /// The method; `OPTIONS` where it was asked for leave first.
    pub method: Method,
    /// The answer.
    pub response: Response,
}

/// What kind of origin asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stranger {
    /// A site that has nothing to do with this one.
    Foreign,
    /// A name that only begins or ends like the site's own: `site.example.evil.test`, `evilsite.example`.
    Lookalike,
    /// `null`: a page in a sandbox, or a file.
    Null,
    /// The site's own name over plain HTTP.
    PlainHttp,
}

impl CrossOriginAnswer {
    /// Returns what the answer lets read it: the origin, `*`, or nothing.
    pub fn allowed(&self) -> Option<&str> {
        self.response.lines("access-control-allow-origin").next()
    }

    /// Whether the origin itself is let in by name.
    pub fn is_let_in(&self) -> bool {
        self.allowed().is_some_and(|allowed| allowed == self.origin)
    }

    /// Whether it is let in with the visitor's cookies (Fetch, 3.3.5: exactly `true`).
    pub fn has_credentials(&self) -> bool {
        self.response.lines("access-control-allow-credentials").next() == Some("true")
    }
}
