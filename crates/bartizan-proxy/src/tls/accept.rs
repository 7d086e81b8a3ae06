//! One handshake: a byte stream becomes a TLS stream and the facts of it.
//!
//! The caller sets the deadline; a handshake has none of its own.

use std::io;

use bartizan_headers::HostName;
use rustls::ServerConnection;
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{LazyConfigAcceptor, TlsAcceptor};

use super::TlsTable;
use crate::context::TlsFacts;

/// Why a handshake came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcceptError {
    /// The connection broke or was closed.
    #[error("the connection ended during the handshake")]
    Closed(#[source] io::Error),
    /// The client does not speak TLS at all: plain HTTP on the wrong port, a scanner.
    #[error("the client does not speak TLS")]
    NotTls,
    /// The handshake has no outcome that both sides allow.
    #[error("the handshake was refused")]
    Refused(#[source] rustls::Error),
}

/// Ends the client's TLS with the settings of the site that the client asks for.
///
/// # Errors
///
/// An [`AcceptError`] tells a vanished client from one that was refused. The alert is sent already.
pub async fn accept<S>(table: &TlsTable, stream: S) -> Result<(TlsStream<S>, TlsFacts), AcceptError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let stream = match table.only_config() {
        // One rule for every site: the certificate is chosen inside the handshake, at no cost.
        Some(config) => TlsAcceptor::from(config).accept_with(stream, bound).await?,
        None => {
            let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
            let site = table.site(name_in(start.client_hello().server_name()).as_ref());
            start.into_stream_with(table.config(site), bound).await?
        }
    };
    let connection = stream.get_ref().1;
    let server_name = name_in(connection.server_name());
    let facts = TlsFacts {
        site: table.site(server_name.as_ref()),
        server_name,
        client_certificate: connection.peer_certificates().is_some_and(|chain| !chain.is_empty()),
    };
    Ok((stream, facts))
}

/// What is not a host name by our rules counts as no name, and gets the certificate of the first site.
fn name_in(server_name: Option<&str>) -> Option<HostName> {
    server_name?.parse().ok()
}

/// Bounds what one client that does not read can hold in records; an idle connection holds none.
fn bound(connection: &mut ServerConnection) {
    connection.set_buffer_limit(Some(WAITING_RECORDS));
}

/// Four records of the largest size: a page leaves in one `writev`, and 20 000 stalled readers hold 1.2 GiB at most.
const WAITING_RECORDS: usize = 64 * 1024;

impl From<io::Error> for AcceptError {
    fn from(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidMessage(_)) => Self::NotTls,
            Some(refused) => Self::Refused(refused.clone()),
            None => Self::Closed(error),
        }
    }
}
