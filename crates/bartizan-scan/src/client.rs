//! One request and its answer: names, connection, TLS, HTTP, all within a time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::failure::Failure;
use crate::http::{Reader, Request, Response, decode};
use crate::resolver::Resolver;
use crate::trust::Trust;

/// Asks.
#[derive(Debug, Clone)]
pub struct Client {
    /// Where names lead.
    pub resolver: Resolver,
    /// Whom it trusts.
    pub trust: Trust,
    /// How long one request may take.
    pub patience: Duration,
}

/// Whether a certificate must be good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// It must.
    Required,
    /// It need not: the answer is looked at all the same.
    Skipped,
}

impl Client {
    /// Sends a request and returns the answer, unpacked.
    ///
    /// # Errors
    ///
    /// There is no answer.
    pub async fn ask(&self, request: &Request, verification: Verification) -> Result<Response, Failure> {
        // Boxed: the futures of handshakes are large, and many requests wait at once.
        let asking = Box::pin(self.ask_patiently(request, verification));
        timeout(self.patience, asking).await.unwrap_or(Err(Failure::Timeout))
    }

    async fn ask_patiently(&self, request: &Request, verification: Verification) -> Result<Response, Failure> {
        let url = &request.url;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::Scheme);
        }
        let stream = self.connect(&self.resolver.resolve(url).await?).await?;
        let response = if url.scheme() == "https" {
            let config = self.trust.config(verification == Verification::Required);
            exchange(handshake(stream, url, config).await?, request).await?
        } else {
            exchange(stream, request).await?
        };
        let (body, is_cut) = decode(&response.head, response.body)?;
        Ok(Response { body, is_cut: response.is_cut || is_cut, ..response })
    }

    /// Connects to the first address that answers; one that is silent must not use up all the time.
    async fn connect(&self, addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
        let share = self.patience / u32::try_from(addresses.len().clamp(1, 4)).unwrap_or(1);
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in addresses.iter().take(4) {
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    stream.set_nodelay(true).map_err(Failure::Connect)?;
                    return Ok(stream);
                }
                Ok(Err(error)) => last = error,
                Err(_) => last = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(Failure::Connect(last))
    }
}

async fn handshake(
    stream: TcpStream,
    url: &Url,
    config: Arc<ClientConfig>,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Failure> {
    let unresolved = || Failure::Unresolved { host: url.host_str().unwrap_or_default().to_owned() };
    let name = match url.host() {
        Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).map_err(|_| unresolved())?,
        Some(Host::Ipv4(address)) => ServerName::IpAddress(std::net::IpAddr::from(address).into()),
        Some(Host::Ipv6(address)) => ServerName::IpAddress(std::net::IpAddr::from(address).into()),
        None => return Err(unresolved()),
    };
    TlsConnector::from(config).connect(name, stream).await.map_err(Failure::of_handshake)
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &Request) -> Result<Response, Failure> {
    stream.write_all(&request.bytes()).await.map_err(Failure::Io)?;
    stream.flush().await.map_err(Failure::Io)?;
    let mut reader = Reader::new(request.method);
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = match stream.read(&mut buffer).await {
            Ok(length) => length,
            // Many servers leave TLS without a word; the framing tells whether something is missing.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
            Err(error) => return Err(Failure::Io(error)),
        };
        if length == 0 || reader.take(buffer.get(..length).unwrap_or_default())? {
            return Ok(reader.finish()?);
        }
    }
}
