//! A TLS client that loads a proxy: full handshakes with one request each, or connections held idle.
//!
//! Blocking threads, and nothing shared between them: it must be simple to believe.

use std::io::{ErrorKind, Read, Write, stdin, stdout};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, RootCertStore, StreamOwned};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};

/// The one host that every contestant serves.
pub(super) const HOST: &str = "bench.example";

/// How to load.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What to do.
    mode: Mode,
    /// Where the proxy listens.
    #[arg(long)]
    address: SocketAddr,
    /// The proxy's certificate, trusted alone.
    #[arg(long)]
    certificate: PathBuf,
    /// Connections in all.
    #[arg(long)]
    count: u32,
    /// The one key exchange that is offered.
    #[arg(long, default_value = "x25519")]
    group: Group,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// Connects, asks once, closes; prints when all are done.
    Handshake,
    /// Connects, asks once, prints when all are connected, and holds them until standard input ends.
    Idle,
}

/// A key exchange by the name of its code point (RFC 8446, 4.2.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Group {
    /// The classical curve.
    X25519,
    /// The curve and ML-KEM-768 together.
    X25519mlkem768,
}

impl Group {
    /// As it is written on a command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::X25519 => "x25519",
            Self::X25519mlkem768 => "x25519mlkem768",
        }
    }
}

/// One open connection.
pub(super) type Connection = StreamOwned<ClientConnection, TcpStream>;

/// Loads the proxy and prints `done` or `ready`; any wrong answer ends it with an error.
pub(crate) fn run(options: &Options) -> Result<()> {
    let config = config(&options.certificate, options.group)?;
    let threads = THREADS.min(options.count.max(1));
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            let (config, address, mode) = (Arc::clone(&config), options.address, options.mode);
            let count = options.count / threads + u32::from(worker < options.count % threads);
            thread::spawn(move || work(&config, address, mode, worker, count))
        })
        .collect();
    let mut held = Vec::new();
    for worker in workers {
        let Ok(connections) = worker.join() else { bail!("a worker panicked") };
        held.extend(connections?);
    }
    match options.mode {
        Mode::Handshake => writeln!(stdout(), "done")?,
        Mode::Idle => {
            writeln!(stdout(), "ready")?;
            let _ = stdin().read(&mut [0]);
        }
    }
    Ok(())
}

/// Returns the TLS settings: 1.3 only, one group, never a resumed session.
pub(super) fn config(certificate: &Path, group: Group) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate).context("the certificate is not readable")?)?;
    let kx_group = match group {
        Group::X25519 => aws_lc_rs::kx_group::X25519,
        Group::X25519mlkem768 => aws_lc_rs::kx_group::X25519MLKEM768,
    };
    // Browsers offer AES-128 first; servers that follow the client (all three here) then hash with SHA-256.
    let cipher_suites = vec![
        aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256,
        aws_lc_rs::cipher_suite::TLS13_AES_256_GCM_SHA384,
        aws_lc_rs::cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
    ];
    let provider = CryptoProvider { kx_groups: vec![kx_group], cipher_suites, ..aws_lc_rs::default_provider() };
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Opens a connection from the given address of loopback and finishes the handshake.
pub(super) fn connect(config: &Arc<ClientConfig>, source: Ipv4Addr, address: SocketAddr) -> Result<Connection> {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    socket.bind(&SocketAddr::new(IpAddr::V4(source), 0).into())?;
    socket.connect_timeout(&address.into(), PATIENCE)?;
    socket.set_tcp_nodelay(true)?;
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut tls = ClientConnection::new(Arc::clone(config), ServerName::try_from(HOST)?)?;
    while tls.is_handshaking() {
        tls.complete_io(&mut stream).context("the handshake breaks off")?;
    }
    ensure!(tls.handshake_kind() == Some(HandshakeKind::Full), "not a full handshake: {:?}", tls.handshake_kind());
    Ok(StreamOwned::new(tls, stream))
}

/// Asks for a path; `extra` is further header lines, each with its line end.
pub(super) fn ask(connection: &mut Connection, host: &str, path: &str, extra: &str) -> Result<Vec<u8>> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{extra}\r\n");
    connection.write_all(request.as_bytes()).context("the request is not taken")?;
    let mut answer = Vec::with_capacity(4096);
    let mut chunk = [0; 4096];
    while !is_whole(&answer) {
        match connection.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(chunk.get(..length).unwrap_or_default()),
            // A peer that closes without a goodbye has still said what it said.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error).context("the answer breaks off"),
        }
    }
    Ok(answer)
}

fn work(
    config: &Arc<ClientConfig>,
    address: SocketAddr,
    mode: Mode,
    worker: u32,
    count: u32,
) -> Result<Vec<Connection>> {
    // An address of loopback each: no limit per client and no shortage of ports comes into play.
    let last = u8::try_from(worker + 2).context("too many workers")?;
    let source = Ipv4Addr::new(127, 0, 0, last);
    let mut held = Vec::new();
    for _ in 0..count {
        let mut connection = connect(config, source, address)?;
        let extra = if mode == Mode::Handshake { "Connection: close\r\n" } else { "" };
        let answer = ask(&mut connection, HOST, "/1k", extra)?;
        ensure!(answer.starts_with(b"HTTP/1.1 200 ") && is_whole(&answer), "not a whole 200: {}", first_line(&answer));
        if mode == Mode::Idle {
            held.push(connection);
        }
    }
    Ok(held)
}

/// Whether the head and as much body as it announces are there.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| answer.len() >= end + 4 + length)
}

fn first_line(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).lines().next().unwrap_or("nothing").to_owned()
}

/// Connections being made at any one time.
const THREADS: u32 = 16;
const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_with_its_announced_body() {
        for (answer, whole) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", true),
            ("HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", false),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", false),
            ("HTTP/1.1 200 OK\r\n\r\nab", false), // ends with the connection
        ] {
            assert_eq!(is_whole(answer.as_bytes()), whole, "{answer}");
        }
    }
}
