//! The heads of a request and a response as the stages see them: one canonical form of path and host.

use bartizan_headers::Authority;
use http::{HeaderMap, Method, StatusCode, Version};

use crate::target::Target;

/// A request head after framing: what the router, every later stage and the upstream see.
#[derive(Debug)]
pub struct RequestHead {
    /// The method.
    pub method: Method,
    /// Path and query in canonical form.
    pub target: Target,
    /// The host the client asked for: lower case, no trailing dot, port as sent.
    pub authority: Authority,
    /// The version the client spoke.
    pub version: Version,
    /// The header lines without `Host`.
    pub headers: HeaderMap,
}

/// A response head on its way to the client, the app's or our own.
#[derive(Debug)]
pub struct ResponseHead {
    /// The status.
    pub status: StatusCode,
    /// The header lines.
    pub headers: HeaderMap,
    /// Who made it.
    pub maker: Maker,
}

/// Who made a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// Bartizan: a refusal, a redirect, a page of its own.
    Bartizan,
    /// The app behind the wall.
    Upstream,
}
