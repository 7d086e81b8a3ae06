//! What can go wrong between a request and the end of its response, and whether it may be tried again.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use super::ledger::Ledger;
use crate::wire::Fault;

/// The error of a body that the exchange hands over, or of a library.
pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// A request that got no whole response from the app.
#[derive(Debug)]
pub struct UpstreamError {
    kind: UpstreamErrorKind,
    address: Arc<str>,
    retry: Retry,
    source: Option<BoxError>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UpstreamErrorKind {
    /// The connection ended before a response head.
    Closed,
    /// No connection came about: refused, unreachable, unknown name.
    Connect,
    /// No connection came about within the time for it.
    ConnectTimeout,
    /// The response ended before its end.
    CutShort,
    /// The response is none that may be passed on.
    InvalidResponse,
    /// The request's own body failed: the client's doing, not the app's. The source is the body's error.
    RequestBody,
    /// No response head within the time for it.
    ResponseTimeout,
    /// The app could not prove who it is, or does not speak the protocol asked for.
    Tls,
}

/// Whether a request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It may have been processed.
    Never,
    /// It was certainly not processed.
    Safe,
}

impl UpstreamError {
    /// A page that is not what its headers say.
    pub(crate) fn of_page(source: bartizan_rewrite::coding::DecodeError) -> Self {
        Self::new(UpstreamErrorKind::InvalidResponse, &Arc::from("the app"), Some(Box::new(source)))
    }

    pub(super) fn new(kind: UpstreamErrorKind, address: &Arc<str>, source: Option<BoxError>) -> Self {
        let retry = match kind {
            UpstreamErrorKind::Connect | UpstreamErrorKind::ConnectTimeout | UpstreamErrorKind::Tls => Retry::Safe,
            UpstreamErrorKind::Closed
            | UpstreamErrorKind::CutShort
            | UpstreamErrorKind::InvalidResponse
            | UpstreamErrorKind::RequestBody
            | UpstreamErrorKind::ResponseTimeout => Retry::Never,
        };
        Self { kind, address: Arc::clone(address), retry, source }
    }

    /// Names what hyper reports before a response head came.
    pub(super) fn before_head(error: hyper::Error, fault: Option<Fault>, address: &Arc<str>, ledger: &Ledger) -> Self {
        Self::from_hyper(error, UpstreamErrorKind::Closed, fault, address, ledger)
    }

    /// Names what hyper reports in the middle of a response body.
    pub(super) fn in_body(error: hyper::Error, fault: Option<Fault>, address: &Arc<str>, ledger: &Ledger) -> Self {
        Self::from_hyper(error, UpstreamErrorKind::CutShort, fault, address, ledger)
    }

    fn from_hyper(
        error: hyper::Error,
        otherwise: UpstreamErrorKind,
        fault: Option<Fault>,
        address: &Arc<str>,
        ledger: &Ledger,
    ) -> Self {
        if let Some(failure) = ledger.take_failure() {
            return Self::new(UpstreamErrorKind::RequestBody, address, Some(failure));
        }
        // The guard's word counts first: it saw the bytes, hyper only that reading ended.
        if let Some(fault) = fault {
            return Self::new(UpstreamErrorKind::InvalidResponse, address, Some(fault.into()));
        }
        let kind = if error.is_user() {
            UpstreamErrorKind::RequestBody
        } else if error.is_parse() {
            UpstreamErrorKind::InvalidResponse
        } else {
            io_kind(&error).unwrap_or(otherwise)
        };
        Self::new(kind, address, Some(error.into()))
    }

    pub(super) fn safe(mut self) -> Self {
        self.retry = Retry::Safe;
        self
    }

    /// Returns what happened.
    pub fn kind(&self) -> UpstreamErrorKind {
        self.kind
    }

    /// Returns the address that was spoken to, as the configuration has it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns whether the request may be sent again.
    pub fn retry(&self) -> Retry {
        self.retry
    }
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.address)
    }
}

impl fmt::Display for UpstreamErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "connection closed without a response by",
            Self::Connect => "no connection to",
            Self::ConnectTimeout => "no connection in time to",
            Self::CutShort => "response cut short by",
            Self::InvalidResponse => "invalid response from",
            Self::RequestBody => "request body ended by its sender on the way to",
            Self::ResponseTimeout => "no response in time from",
            Self::Tls => "no trusted TLS connection to",
        })
    }
}

impl Error for UpstreamError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

/// Tells malformed bytes from a broken line by the kind of the innermost `io::Error`.
fn io_kind(error: &(dyn Error + 'static)) -> Option<UpstreamErrorKind> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            // A broken TLS record ends the response as a broken line does.
            if io.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) {
                return None;
            }
            return match io.kind() {
                // Chunk sizes and the guard's faults.
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Some(UpstreamErrorKind::InvalidResponse),
                _ => None,
            };
        }
        next = cause.source();
    }
    None
}
