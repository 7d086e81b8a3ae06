//! What holds for the whole process: listeners, workers, trust in proxies before us, logs.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::{Limits, TlsPlan};

/// Settings of the process.
#[derive(Debug, Clone)]
pub struct Server {
    /// Addresses that speak TLS, with HTTP/2 and HTTP/1.1.
    pub listen: Vec<SocketAddr>,
    /// Addresses that speak plain HTTP/1.1: redirects and ACME challenges, or TLS ended before us.
    pub listen_http: Vec<SocketAddr>,
    /// Where metrics, health and readiness are served; none switches them off.
    pub admin: Option<SocketAddr>,
    /// Whether the wall starts without the admin listener when its address is taken.
    pub admin_if_free: bool,
    /// Threads that serve, each with a listener and a pool of its own.
    pub workers: NonZeroUsize,
    /// Peers whose `X-Forwarded-For`, `Forwarded` and PROXY headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether connections begin with a PROXY protocol header.
    pub proxy_protocol: ProxyProtocol,
    /// Sizes, times and counts for every connection.
    pub limits: Limits,
    /// TLS for every site that does not say otherwise.
    pub tls: TlsPlan,
    /// How long running exchanges may go on after SIGTERM.
    pub drain: Duration,
    /// The form of the access log.
    pub access_log: AccessLog,
    /// Where the local certificate authority and cached state live.
    pub state_dir: PathBuf,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 443)],
            listen_http: vec![SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 80)],
            // Metrics tell of traffic and names: loopback only, unless asked otherwise.
            admin: Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9180)),
            // A second wall on the machine must start, too; nobody asked for this very address.
            admin_if_free: true,
            workers: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            // Anyone can write X-Forwarded-For; believing it by default forges every client address.
            trusted_proxies: Vec::new(),
            proxy_protocol: ProxyProtocol::Off,
            limits: Limits::default(),
            tls: TlsPlan::default(),
            // Long enough for a page and an upload in progress, short enough for a service manager (90 s).
            drain: Duration::from_secs(30),
            access_log: AccessLog::default(),
            state_dir: PathBuf::from("/var/lib/bartizan"),
        }
    }
}

/// Whether the peer announces the client with a PROXY protocol header (v1 or v2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProxyProtocol {
    /// No header is expected; one that comes is a malformed request.
    #[default]
    Off,
    /// Each connection must begin with one, and only trusted proxies may connect.
    Required,
}

/// How an exchange is written to standard output once it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AccessLog {
    /// One line for people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
    /// Nothing.
    Off,
}
