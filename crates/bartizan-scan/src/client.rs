//! One request and its answer: names, connection, TLS, HTTP, all within a time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::failure::Failure;
use crate::http::{After, Fault, Reader, Request, Response, decode};
use crate::kept::{Kept, Stream};
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
        let asking = Box::pin(async {
            let stream = self.open(&request.url, verification).await?;
            exchange(stream, request, After::Close).await.map(|(response, _)| response)
        });
        unpacked(timeout(self.patience, asking).await.unwrap_or(Err(Failure::Timeout)))
    }

    /// Sends a request over a connection that is kept, or a new one, and keeps that for the next.
    ///
    /// # Errors
    ///
    /// There is no answer.
    pub(crate) async fn ask_over(
        &self,
        kept: &mut Kept,
        request: &Request,
        verification: Verification,
    ) -> Result<Response, Failure> {
        let asking = Box::pin(async {
            let (response, stream) = match kept.take(&request.url) {
                Some(stream) => match exchange(stream, request, After::Keep).await {
                    // A server may close a connection that waits at any time (RFC 9112, 9.3.1).
                    Err(Failure::Io(_) | Failure::Response(Fault::Early)) => self.ask_anew(request, verification).await,
                    answer => answer,
                },
                None => self.ask_anew(request, verification).await,
            }?;
            kept.keep(&request.url, stream);
            Ok(response)
        });
        unpacked(timeout(self.patience, asking).await.unwrap_or(Err(Failure::Timeout)))
    }

    async fn ask_anew(
        &self,
        request: &Request,
        verification: Verification,
    ) -> Result<(Response, Option<Stream>), Failure> {
        exchange(self.open(&request.url, verification).await?, request, After::Keep).await
    }

    /// Opens a connection to whoever serves an address.
    async fn open(&self, url: &Url, verification: Verification) -> Result<Stream, Failure> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::Scheme);
        }
        let stream = self.connect(&self.resolver.resolve(url).await?).await?;
        if url.scheme() == "https" {
            let config = self.trust.config(verification == Verification::Required);
            Ok(Box::new(handshake(stream, url, config).await?))
        } else {
            Ok(Box::new(stream))
        }
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

/// Returns the answer, and the connection where it can be kept.
async fn exchange(mut stream: Stream, request: &Request, after: After) -> Result<(Response, Option<Stream>), Failure> {
    stream.write_all(&request.bytes(after)).await.map_err(Failure::Io)?;
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
            let is_kept = length > 0 && after == After::Keep && reader.leaves_connection_open();
            return Ok((reader.finish()?, is_kept.then_some(stream)));
        }
    }
}

fn unpacked(answer: Result<Response, Failure>) -> Result<Response, Failure> {
    let response = answer?;
    let (body, is_cut) = decode(&response.head, response.body)?;
    Ok(Response { body, is_cut: response.is_cut || is_cut, ..response })
}
