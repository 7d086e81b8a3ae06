//! A connection to somebody, encrypted or not; certificates are always checked.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::DeliveryError;

/// Whatever carries bytes both ways.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Connects to the first address that answers.
pub(super) async fn tcp(host: &str, port: u16) -> Result<TcpStream, DeliveryError> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let unresolved = |source| DeliveryError::Resolve { host: host.to_owned(), source };
    let addresses = tokio::net::lookup_host((host, port)).await.map_err(unresolved)?;
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(DeliveryError::Connect { host: host.to_owned(), port, source: last })
}

/// Encrypts a connection.
pub(super) async fn tls(
    stream: Box<dyn Stream>,
    host: &str,
    authorities: Option<&Path>,
) -> Result<Box<dyn Stream>, DeliveryError> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let failed = |source| DeliveryError::Tls { host: host.to_owned(), source };
    let name = ServerName::try_from(host.to_owned()).map_err(|error| failed(io::Error::other(error)))?;
    let connector = TlsConnector::from(Arc::new(crate::trust::client(authorities).map_err(failed)?));
    Ok(Box::new(connector.connect(name, stream).await.map_err(failed)?))
}
