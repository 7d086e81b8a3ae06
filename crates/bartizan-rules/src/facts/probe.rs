//! What came of asking for what no visitor asks for.

use super::Response;

/// A question that no visitor asks, and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What was asked.
    pub asked: Asked,
    /// The answer, with the start of its body.
    pub response: Response,
    /// What a path that cannot exist is answered with: where both are alike, nothing was found.
    pub baseline: Option<Response>,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asked {
    /// A folder that pages load from.
    Directory,
    /// A path where something is left behind at times.
    File(&'static str),
    /// The site, under this name in `X-Forwarded-Host`.
    ForwardedHost(String),
    /// The site, by another method, in `X-HTTP-Method-Override`.
    MethodOverride,
    /// The site, at an address that leads to this host if it redirects without looking.
    Redirect(String),
    /// The map beside a script, with the source that it was made of.
    SourceMap,
    /// The site by the method `TRACE` or `TRACK`, with this value in a field of the scanner's own.
    Trace(String),
    /// The site, under this name in `Host`.
    UnknownHost(String),
}

impl Probe {
    /// Whether the answer is what any path is answered with.
    pub fn is_like_any(&self) -> bool {
        let Some(baseline) = &self.baseline else { return false };
        let response = &self.response;
        response.status() == baseline.status() && response.body().is_some() && response.body() == baseline.body()
    }

    /// Returns the start of the body of an answer that was given for this path alone.
    pub fn found(&self) -> Option<&str> {
        (self.response.status() == http::StatusCode::OK && !self.is_like_any()).then(|| self.response.body()).flatten()
    }
}
