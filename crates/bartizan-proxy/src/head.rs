//! The heads of a request and a response as the stages see them: one canonical form of path and host.

use bartizan_headers::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};

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
    /// The same as a field value, as it goes upstream.
    pub host: HeaderValue,
    /// The version the client spoke.
    pub version: Version,
    /// The header lines without `Host` and without those that concern one connection only.
    pub headers: HeaderMap,
    /// The protocols the client would like to switch to; `h2c` is never among them.
    pub upgrade: Option<Upgrade>,
    /// Whether the client waits for `100 Continue` before it sends the body.
    pub expects_continue: bool,
}

/// A wish to switch to another protocol on this connection (RFC 9110, 7.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    /// The value of `Upgrade` that is passed on, preferred first.
    pub protocols: HeaderValue,
}

impl Upgrade {
    /// Whether WebSocket is among the protocols (RFC 6455, 4.1).
    pub fn is_websocket(&self) -> bool {
        self.protocols
            .as_bytes()
            .split(|byte| *byte == b',')
            .any(|name| name.trim_ascii().eq_ignore_ascii_case(b"websocket"))
    }
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
