//! `[server]` and its tables.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use bartizan_proxy::config::{
    AccessLog, ByteRate, KeyExchangeGroup, ProxyProtocol, RequestRate, Suite, Tickets, TlsVersion,
};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::Deserialize;

use super::values::{Bytes, LogLevel, Workers};
use super::{At, Choice, OrNone, Written};

/// What holds for the whole process.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// Addresses that speak TLS, with HTTP/2 and HTTP/1.1.
    pub(crate) listen: Option<Vec<At<Written<SocketAddr>>>>,
    /// Addresses that speak plain HTTP/1.1: redirects, or TLS ended before us. Where only one of `listen` and
    /// `listen_http` is written, the other follows it from port 443 to 80, or back, and is empty else.
    pub(crate) listen_http: Option<Vec<At<Written<SocketAddr>>>>,
    /// Where metrics, health and readiness are served; "none" switches them off.
    pub(crate) admin: Option<At<OrNone<SocketAddr>>>,
    /// Threads that serve: "cores", or a number.
    pub(crate) workers: Option<Written<Workers>>,
    /// Networks whose X-Forwarded-For, Forwarded and PROXY headers are believed.
    pub(crate) trusted_proxies: Option<Vec<Written<IpNet>>>,
    /// Whether connections begin with a PROXY protocol header (v1 or v2).
    pub(crate) proxy_protocol: Option<At<Choice<ProxyProtocol>>>,
    /// How long running exchanges may go on after SIGTERM.
    pub(crate) drain: Option<Written<Duration>>,
    /// Where the local certificate authority and cached state live.
    pub(crate) state_dir: Option<PathBuf>,
    /// Sizes, times and counts that bound what one client can take from the others.
    pub(crate) limits: Option<Limits>,
    /// How TLS is spoken, for every site that does not say otherwise.
    pub(crate) tls: Option<Tls>,
    /// What is written to standard output and error.
    pub(crate) log: Option<Log>,
}

/// Sizes, times and counts that bound what one client can take from the others.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    /// From the first byte of a request head to its last.
    pub(crate) header_timeout: Option<OrNone<Duration>>,
    /// How long a body may flow below the minimum rate.
    pub(crate) body_timeout: Option<OrNone<Duration>>,
    /// How long a client may take nothing of a response that waits for it.
    pub(crate) write_timeout: Option<OrNone<Duration>>,
    /// How long a connection may rest between requests.
    pub(crate) keep_alive: Option<OrNone<Duration>>,
    /// From the accepted connection to the end of the TLS handshake.
    pub(crate) handshake_timeout: Option<OrNone<Duration>>,
    /// Bytes a second below which a client counts as stalled.
    pub(crate) minimum_rate: Option<Written<ByteRate>>,
    /// Bytes of the request line.
    pub(crate) request_line: Option<Written<Bytes>>,
    /// Bytes of a whole request head.
    pub(crate) head: Option<Written<Bytes>>,
    /// Header lines of a request.
    pub(crate) headers: Option<NonZeroU32>,
    /// Bytes of a request body.
    pub(crate) body: Option<OrNone<Bytes>>,
    /// Connections of the process.
    pub(crate) connections: Option<OrNone<NonZeroU32>>,
    /// Connections of one client; an IPv6 client is its /64.
    pub(crate) connections_per_client: Option<OrNone<NonZeroU32>>,
    /// Requests of one client, such as "100/s burst 200"; an IPv6 client is its /64.
    pub(crate) requests_per_client: Option<OrNone<RequestRate>>,
    /// Streams that one HTTP/2 connection may have open.
    pub(crate) streams: Option<NonZeroU32>,
}

/// How TLS is spoken towards clients.
#[derive(Debug, Default, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    /// Protocol versions.
    pub(crate) versions: Option<At<Vec<Choice<TlsVersion>>>>,
    /// Key exchange groups, preferred first.
    pub(crate) groups: Option<At<Vec<Choice<KeyExchangeGroup>>>>,
    /// Cipher suites by their IANA names, preferred first.
    pub(crate) suites: Option<At<Vec<Choice<Suite>>>>,
    /// Whether sessions are resumed.
    pub(crate) tickets: Option<Choice<Tickets>>,
    /// Which client certificates are asked for.
    pub(crate) client_certificates: Option<ClientCertificates>,
}

/// Which client certificates are asked for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientCertificates {
    /// PEM file of the authorities; one that cannot be read stops the start.
    pub(crate) authorities: At<PathBuf>,
    /// Whether a client without a certificate is refused in the handshake.
    pub(crate) required: Option<bool>,
}

/// What is written to standard output and error.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    /// The form of the access log.
    pub(crate) access: Option<Choice<AccessLog>>,
    /// The least important message that is still written.
    pub(crate) level: Option<Choice<LogLevel>>,
}
