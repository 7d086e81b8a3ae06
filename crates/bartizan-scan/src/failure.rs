//! Why nothing was seen.

use std::io;

use rustls::CertificateError;
use thiserror::Error;

use crate::http::Fault;

/// Why a request has no answer.
#[derive(Debug, Error)]
pub enum Failure {
    /// The certificate is not good.
    #[error("the certificate is not trusted: {0}")]
    Certificate(CertificateError),
    /// The body cannot be unpacked.
    #[error("the body is not {coding}, as it says")]
    Coding {
        /// What the answer says it is.
        coding: String,
    },
    /// No connection.
    #[error("no connection")]
    Connect(#[source] io::Error),
    /// The connection broke.
    #[error("the connection broke")]
    Io(#[source] io::Error),
    /// The answer is no HTTP.
    #[error("the answer is not HTTP")]
    Response(#[from] Fault),
    /// A redirect leads to no address.
    #[error("a redirect leads to no address")]
    Redirect,
    /// Neither HTTP nor HTTPS.
    #[error("a redirect leads to another protocol")]
    Scheme,
    /// It took too long.
    #[error("no answer in time")]
    Timeout,
    /// No TLS.
    #[error("TLS: {0}")]
    Tls(rustls::Error),
    /// The name does not resolve.
    #[error("{host} does not resolve")]
    Unresolved {
        /// The name.
        host: String,
    },
}

impl Failure {
    /// Returns the failure of a handshake.
    pub(crate) fn of_handshake(error: io::Error) -> Self {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match inner {
            Some(rustls::Error::InvalidCertificate(fault)) => Self::Certificate(fault.clone()),
            Some(fault) => Self::Tls(fault.clone()),
            None => Self::Io(error),
        }
    }

    /// Whether trust is all that was missing.
    pub const fn is_certificate(&self) -> bool {
        matches!(self, Self::Certificate(_))
    }
}
