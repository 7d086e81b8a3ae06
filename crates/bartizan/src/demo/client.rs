//! A client that sends bytes as they are, so that what no browser sends can be measured too.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Where requests are sent.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// In the clear.
    Plain(SocketAddr),
    /// Over TLS, to `localhost`.
    Tls(SocketAddr, Arc<ClientConfig>),
}

/// What came back.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    /// None when the connection was closed without one.
    pub(super) status: Option<u16>,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Target {
    /// Returns the wall's address, its certificate checked against the local authority.
    pub(super) fn tls(address: SocketAddr, authority: &Path) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        let certificate =
            CertificateDer::from_pem_file(authority).with_context(|| format!("cannot read {}", authority.display()))?;
        roots.add(certificate)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self::Tls(address, Arc::new(config)))
    }

    /// Sends the bytes and reads until the connection ends.
    pub(super) fn send(&self, request: &str) -> anyhow::Result<Answer> {
        match self {
            Self::Plain(address) => exchange(connect(*address)?, request),
            Self::Tls(address, config) => {
                let name = ServerName::try_from("localhost")?;
                let connection = ClientConnection::new(Arc::clone(config), name)?;
                exchange(StreamOwned::new(connection, connect(*address)?), request)
            }
        }
    }
}

impl Answer {
    /// Returns the values of a header.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let is_meant = move |(header, _): &&(String, String)| header.eq_ignore_ascii_case(name);
        self.headers.iter().filter(is_meant).map(|(_, value)| value.as_str())
    }

    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let headers =
            lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { status, headers: headers.collect(), body: body.to_owned() }
    }
}

fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn exchange(mut stream: impl Read + Write, request: &str) -> anyhow::Result<Answer> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut bytes = Vec::new();
    // A peer that resets after its answer has answered; a demo's answers are short.
    let _ = stream.take(1 << 20).read_to_end(&mut bytes);
    Ok(Answer::read(&String::from_utf8_lossy(&bytes)))
}

/// Everything is on this machine: longer means never.
const PATIENCE: Duration = Duration::from_secs(5);
