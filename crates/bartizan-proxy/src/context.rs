//! What is found out about one exchange on its way through the stages: typed fields, no map of strings.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use bartizan_headers::{HostName, Origin};

use crate::pages::{Kept, PagePolicy};
use crate::request_id::RequestId;

/// The facts of one exchange.
#[derive(Debug)]
pub struct Exchange {
    /// The number by which an operator finds this exchange.
    pub id: RequestId,
    /// When its head was complete.
    pub started: Instant,
    /// The connection it came on.
    pub connection: Arc<ConnectionFacts>,
    /// The client: the peer, or whom a trusted proxy names.
    pub client: IpAddr,
    /// Whether the client spoke HTTPS, to us or to a trusted proxy before us.
    pub https: bool,
    /// Whether the peer is a trusted proxy.
    pub trusted_peer: bool,
    /// The addresses a trusted peer named, nearest last, as they are passed on in `X-Forwarded-For`.
    pub forwarded_for: Vec<IpAddr>,
    /// Names of session cookies that came with a prefix of ours and were mapped back.
    pub mapped_cookies: Vec<String>,
    /// Names of session cookies that came without a prefix although we send them with one.
    pub plain_session_cookies: Vec<String>,
    /// Whether the request carried a session cookie or credentials.
    pub has_session: bool,
    /// The origin that a browser named, where it did.
    pub origin: Option<Origin>,
    /// The `Accept` of the request, kept for error pages.
    pub wants: Wants,
    /// The path in canonical form, kept for the response stages and the log.
    pub path: http::uri::PathAndQuery,
    /// The request's method, kept for the response stages and the log.
    pub method: http::Method,
    /// What of the request is kept for its answer; nothing where nobody rewrites pages.
    pub kept: Option<Box<Kept>>,
    /// The policies of this page, where they are not the site's.
    pub page_policy: Option<Box<PagePolicy>>,
}

impl Exchange {
    /// Begins with what the connection says; the stages find out the rest.
    pub fn new(id: RequestId, started: Instant, connection: Arc<ConnectionFacts>) -> Self {
        Self {
            id,
            started,
            client: connection.peer.ip(),
            https: connection.tls.is_some(),
            connection,
            trusted_peer: false,
            forwarded_for: Vec::new(),
            mapped_cookies: Vec::new(),
            plain_session_cookies: Vec::new(),
            has_session: false,
            origin: None,
            wants: Wants::default(),
            path: http::uri::PathAndQuery::from_static("/"),
            method: http::Method::GET,
            kept: None,
            page_policy: None,
        }
    }
}

/// What is true of every exchange on one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionFacts {
    /// The other end of the socket, or the client that a PROXY header names.
    pub peer: SocketAddr,
    /// The other end of the socket itself.
    pub socket_peer: SocketAddr,
    /// Our end of the socket.
    pub local: SocketAddr,
    /// TLS, where we ended it.
    pub tls: Option<TlsFacts>,
}

/// What the TLS handshake settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFacts {
    /// The name the client asked for (SNI).
    pub server_name: Option<HostName>,
    /// The index of the site whose certificate was shown.
    pub site: usize,
    /// Whether a client certificate was shown and believed.
    pub client_certificate: bool,
}

/// The form in which a client wants to read an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wants {
    /// A page.
    #[default]
    Html,
    /// `application/json` or `application/problem+json`.
    Json,
    /// Plain text, for clients that name neither.
    Text,
}
