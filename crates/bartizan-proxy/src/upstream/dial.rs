//! From an address to a byte stream: name lookup, TCP or socket file, TLS.

use std::io;
use std::sync::Arc;

use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::error::BoxError;
use super::stream::UpstreamStream;
use super::{Address, Upstream, UpstreamError, UpstreamErrorKind};
use crate::config::UpstreamAddress;

/// The protocol a connection is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

/// Connects within the time for it, TLS included.
pub(super) async fn dial(
    upstream: &Upstream,
    address: &Address,
    protocol: Protocol,
) -> Result<UpstreamStream, UpstreamError> {
    match timeout(upstream.plan.connect_timeout, connect(upstream, address, protocol)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err((kind, source))) => Err(UpstreamError::new(kind, &address.name, Some(source))),
        Err(_elapsed) => Err(UpstreamError::new(UpstreamErrorKind::ConnectTimeout, &address.name, None)),
    }
}

async fn connect(
    upstream: &Upstream,
    address: &Address,
    protocol: Protocol,
) -> Result<UpstreamStream, (UpstreamErrorKind, BoxError)> {
    let unreachable = |error: io::Error| (UpstreamErrorKind::Connect, error.into());
    let (host, port) = match &address.place {
        UpstreamAddress::Unix(path) => {
            return UnixStream::connect(path).await.map(UpstreamStream::Unix).map_err(unreachable);
        }
        UpstreamAddress::Tcp { host, port, .. } => (host.as_str(), *port),
    };
    let tcp = connect_tcp(host, port).await.map_err(unreachable)?;
    let (Some(name), Some(tls)) = (&address.server_name, &upstream.tls) else {
        return Ok(UpstreamStream::Tcp(tcp));
    };
    let config = match protocol {
        Protocol::Http1 => &tls.http1,
        Protocol::Http2 => &tls.http2,
    };
    let stream = TlsConnector::from(Arc::clone(config))
        .connect(name.clone(), tcp)
        .await
        .map_err(|error| (UpstreamErrorKind::Tls, error.into()))?;
    if protocol == Protocol::Http2 && stream.get_ref().1.alpn_protocol() != Some(b"h2") {
        return Err((UpstreamErrorKind::Tls, Box::new(NoHttp2)));
    }
    Ok(UpstreamStream::Tls(Box::new(stream)))
}

/// Tries each address of a name in the order the resolver gives them.
async fn connect_tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = None;
    for address in lookup_host((host, port)).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // Heads and bodies leave in as few writes as possible already: waiting for more only delays them.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the name has no address")))
}

#[derive(Debug, thiserror::Error)]
#[error("the app does not offer HTTP/2 (ALPN h2)")]
struct NoHttp2;
