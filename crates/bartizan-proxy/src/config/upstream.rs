//! The app behind the wall: where it listens and how it is spoken to.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// The addresses of one app and the ways of reaching them.
#[derive(Debug, Clone)]
pub struct UpstreamPlan {
    /// At least one.
    pub addresses: Vec<UpstreamAddress>,
    /// How an address is chosen.
    pub balance: Balance,
    /// The version spoken.
    pub protocol: UpstreamProtocol,
    /// From the first SYN to the end of the TLS handshake.
    pub connect_timeout: Duration,
    /// From the sent request to the response head; `None` waits for ever (long polling).
    pub response_timeout: Option<Duration>,
    /// How long an idle connection is kept.
    pub idle_timeout: Duration,
    /// Idle connections kept for each address and worker.
    pub idle_connections: usize,
    /// Further addresses tried when a request was certainly not processed.
    pub retries: u32,
    /// Answers in a row that fail before an address rests (passive health).
    pub max_fails: u32,
    /// How long a failed address rests.
    pub fail_timeout: Duration,
    /// Active checks, if any.
    pub health: Option<HealthCheck>,
    /// TLS towards `https` addresses.
    pub tls: UpstreamTls,
    /// Bytes of a response head that are accepted.
    pub response_head: usize,
    /// OAuth2 client credentials the app wants to see.
    pub oauth2: Option<ClientCredentials>,
}

impl Default for UpstreamPlan {
    fn default() -> Self {
        Self {
            addresses: Vec::new(),
            balance: Balance::default(),
            protocol: UpstreamProtocol::default(),
            // Apps stand near: a connection that takes longer is not coming.
            connect_timeout: Duration::from_secs(5),
            // As nginx's proxy_read_timeout, which apps are written against.
            response_timeout: Some(Duration::from_secs(60)),
            // Below the keep-alive of Node (5 s) would waste connections; stale ones are retried safely.
            idle_timeout: Duration::from_secs(30),
            idle_connections: 64,
            retries: 1,
            max_fails: 3,
            fail_timeout: Duration::from_secs(10),
            health: None,
            tls: UpstreamTls::default(),
            // Large Set-Cookie and CSP headers fit; a head beyond it is a fault of the app.
            response_head: 64 * 1024,
            oauth2: None,
        }
    }
}

/// One address of an app.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum UpstreamAddress {
    /// `http://host:port` or `https://host:port`.
    Tcp {
        /// A name, resolved when a connection is made, or a literal address without brackets.
        host: String,
        /// The port.
        port: u16,
        /// Whether TLS is spoken.
        tls: bool,
    },
    /// `unix:/path/to/socket`.
    Unix(PathBuf),
}

impl UpstreamAddress {
    /// Returns the host and port as they stand in a `Host` header; `localhost` for a socket file.
    pub fn authority(&self) -> String {
        match self {
            Self::Tcp { host, port, tls } => {
                let host = match host.parse::<IpAddr>() {
                    Ok(IpAddr::V6(address)) => format!("[{address}]"),
                    _ => host.clone(),
                };
                if *port == if *tls { 443 } else { 80 } { host } else { format!("{host}:{port}") }
            }
            Self::Unix(_) => "localhost".to_owned(),
        }
    }
}

impl fmt::Display for UpstreamAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { tls, .. } => write!(f, "{}://{}", if *tls { "https" } else { "http" }, self.authority()),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// How one of several addresses is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Balance {
    /// The address with the fewest running requests; the earlier one on a tie.
    LeastRequests,
    /// Each in turn.
    #[default]
    RoundRobin,
}

/// The version of HTTP spoken to the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UpstreamProtocol {
    /// HTTP/1.1, which every app speaks.
    #[default]
    Http1,
    /// HTTP/2: by ALPN over TLS, with prior knowledge in the clear.
    Http2,
}

/// An active check of each address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// The path asked with GET; 2xx and 3xx mean healthy.
    pub path: String,
    /// The time between two checks of one address.
    pub interval: Duration,
    /// The time one check may take.
    pub timeout: Duration,
}

/// TLS towards the app.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpstreamTls {
    /// PEM file of the authorities that are believed instead of the public ones.
    pub authorities: Option<PathBuf>,
    /// PEM files of our certificate chain and key, shown to the app.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// The name asked for and checked instead of the address's own.
    pub server_name: Option<String>,
    /// Whether any certificate is believed.
    pub dangerous_skip_verification: bool,
}

/// OAuth2 client credentials (RFC 6749, 4.4) with which requests are sent to the app.
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    /// The token endpoint.
    pub token_url: url::Url,
    /// The client's identifier.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// The scopes asked for.
    pub scopes: Vec<String>,
    /// Further form fields, such as `audience`.
    pub endpoint_params: Vec<(String, String)>,
}

/// A secret that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret into custody.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the secret for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}
