//! Sizes, times and counts that bound what one client can take from the others.

use std::num::NonZeroU32;
use std::time::Duration;

/// Limits of the process and of each connection; `None` switches one off.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From the first byte of a request head to its last.
    pub header_timeout: Option<Duration>,
    /// How long a body may flow below [`Self::minimum_rate`].
    pub body_timeout: Option<Duration>,
    /// How long a client may take nothing of a response that waits for it.
    pub write_timeout: Option<Duration>,
    /// How long a connection may rest between requests.
    pub keep_alive: Option<Duration>,
    /// From the accepted connection to the end of the TLS handshake.
    pub handshake_timeout: Option<Duration>,
    /// Bytes a second below which a client counts as stalled.
    pub minimum_rate: ByteRate,
    /// Bytes of the request line.
    pub request_line: usize,
    /// Bytes of a whole request head.
    pub head: usize,
    /// Header lines of a request; every crumb of an HTTP/2 cookie counts.
    pub headers: usize,
    /// Bytes of a request body.
    pub body: Option<u64>,
    /// Connections of the process.
    pub connections: Option<NonZeroU32>,
    /// Connections of one client; an IPv6 client is its /64.
    pub connections_per_client: Option<NonZeroU32>,
    /// Requests of one client; an IPv6 client is its /64.
    pub requests_per_client: Option<RequestRate>,
    /// Streams that one HTTP/2 connection may have open.
    pub streams: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // A head is one packet or a few; ten seconds forgive a lossy phone and starve a slowloris.
            header_timeout: Some(Duration::from_secs(10)),
            // An upload may be slow for long, but not silent for half a minute.
            body_timeout: Some(Duration::from_secs(30)),
            // As above, for the reader: a suspended laptop is let go after a minute.
            write_timeout: Some(Duration::from_secs(60)),
            // Browsers reuse a connection within a minute or not at all.
            keep_alive: Some(Duration::from_secs(60)),
            handshake_timeout: Some(Duration::from_secs(10)),
            // A 2G line carries forty times as much.
            minimum_rate: ByteRate(256),
            // Browsers send up to 2 KiB in practice; OAuth and SAML redirects up to 8 KiB.
            request_line: 16 * 1024,
            // Room for Kerberos tickets and many cookies; upstreams commonly stop at 8 to 16 KiB.
            head: 32 * 1024,
            // A browser sends about twenty.
            headers: 100,
            // Photos and documents pass; a site that takes videos says so.
            body: Some(64 * 1024 * 1024),
            // About 40 KiB each: under 1 GiB for connections.
            connections: NonZeroU32::new(20_000),
            // A household or office behind one address opens dozens.
            connections_per_client: NonZeroU32::new(256),
            // A right number depends on the app, so none is guessed.
            requests_per_client: None,
            // RFC 9113, 6.5.2 recommends no fewer than 100.
            streams: NonZeroU32::new(128).unwrap_or(NonZeroU32::MIN),
        }
    }
}

/// Bytes a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteRate(pub u32);

/// A token bucket: `burst` requests at once, refilled at `count` in `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestRate {
    /// Requests that `per` allows on average.
    pub count: NonZeroU32,
    /// The time over which `count` is allowed.
    pub per: Duration,
    /// Requests that may come at once.
    pub burst: NonZeroU32,
}
