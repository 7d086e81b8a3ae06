//! What is answered by somebody else's hand: a collector of reports, a dashboard.
//!
//! The wall knows no such service. Whoever starts it hands them over; each has a path of its own, on every site that
//! wants it or on the admin listener, behind the same limits as the app.

use std::fmt::Debug;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;

use crate::pages::Pilot;
use crate::stages::Answer;

/// The path below which services answer on sites; no app is asked for anything below it while a service is there.
pub const RESERVED: &str = "/.bartizan/";

/// What is handed over when the wall starts.
#[derive(Debug, Clone, Default)]
pub struct Services {
    /// On sites; the first that is for a path answers.
    pub local: Vec<Arc<dyn LocalService>>,
    /// On the admin listener; the first that is for a path answers.
    pub admin: Vec<Arc<dyn AdminService>>,
    /// Decides what becomes of pages.
    pub pilot: Option<Arc<dyn Pilot>>,
    /// Decides who may ask on the admin listener; without one, this machine alone may.
    pub door: Option<Arc<dyn Door>>,
}

/// Decides who may ask on the admin listener.
pub trait Door: Send + Sync + Debug {
    /// Returns what somebody may, if that is enough for what they want.
    ///
    /// # Errors
    ///
    /// A [`Turned`] away.
    fn admit(&self, headers: &HeaderMap, peer: SocketAddr, want: Want) -> Result<Sight, Turned>;
}

/// What a request on the admin listener wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// The numbers that programs gather: no client and no request stands among them.
    Metrics,
    /// To see what the wall knows.
    Read,
    /// To change what the wall does.
    Change,
}

impl Want {
    /// Returns what a method is for (RFC 9110, 9.2.1).
    pub fn of(method: &Method) -> Self {
        if method.is_safe() { Self::Read } else { Self::Change }
    }
}

/// What somebody who is let in sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everything.
    Whole,
    /// Everything but the addresses of clients.
    WithoutClients,
}

/// Why somebody is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Turned {
    /// Nobody is known to ask from there.
    #[error("without users only this machine may ask")]
    Elsewhere,
    /// Whoever it is has not said so.
    #[error("a token that is good for this is needed, or to sign in first")]
    Unknown,
    /// Whoever it is may not do this.
    #[error("this needs another role or scope")]
    Unfit,
}

/// Answers on a site below [`RESERVED`].
pub trait LocalService: Send + Sync + Debug {
    /// Returns the path below which it answers, itself below [`RESERVED`] and without a slash at its end.
    fn prefix(&self) -> &str;

    /// Whether it answers on this site, by the site's name; asked when a configuration is taken.
    fn is_for(&self, site: &str) -> bool;

    /// Returns the longest body it reads, in bytes.
    fn largest_body(&self) -> usize;

    /// Answers; what it says gets the site's headers.
    fn answer(&self, request: LocalRequest) -> Answering<Answer>;

    /// Returns what it counts, in Prometheus' text form, to stand among the wall's own metrics.
    fn metrics(&self) -> String {
        String::new()
    }
}

/// A request for a service of a site, after the site's own checks.
#[derive(Debug)]
pub struct LocalRequest {
    /// The site's name.
    pub site: Arc<str>,
    /// The client: the peer, or whom a trusted proxy names.
    pub client: IpAddr,
    /// The method.
    pub method: Method,
    /// Path and query in canonical form.
    pub target: PathAndQuery,
    /// The header lines.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Result<Bytes, BodyFault>,
}

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    /// It is longer than the service or the route allows.
    #[error("the body is too large")]
    TooLarge,
    /// It came broken, too slowly, or not to its end.
    #[error("the body is broken")]
    Broken,
}

/// Answers on the admin listener.
pub trait AdminService: Send + Sync + Debug {
    /// Whether it answers this path.
    fn is_for(&self, path: &str) -> bool;

    /// Whether it may be asked under the name that a request gives; addresses and `localhost` always may.
    fn is_named(&self, _headers: &HeaderMap) -> bool {
        false
    }

    /// Whether it sees to it by itself who may ask what, page by page.
    fn has_own_door(&self) -> bool {
        false
    }

    /// Answers. The body is whole, and at most [`LARGEST_ADMIN_BODY`] bytes.
    fn answer(&self, request: Request<Bytes>, peer: SocketAddr) -> Answering<Response<AdminBody>>;
}

/// An answer under way.
pub type Answering<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The body of an answer on the admin listener; it may flow for as long as somebody watches.
pub type AdminBody = UnsyncBoxBody<Bytes, std::convert::Infallible>;

/// The longest body that the admin listener takes: configurations and policies are far shorter.
pub const LARGEST_ADMIN_BODY: usize = 1 << 20;
