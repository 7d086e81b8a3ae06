//! How a server speaks TLS, asked by hellos written by hand; and its certificate.
//!
//! No library decides what can be asked: versions, suites, groups and the rest are enumerated with
//! raw ClientHellos. Only what is said encrypted is seen through handshakes that go to their end.
//! Nothing here judges; rules do that over the [`Handshake`] in the [`Report`].

mod certificate;
mod client;
mod connection;
pub mod fuzzing;
mod groups;
mod inspect;
mod primes;
mod probe;
mod report;
mod suites;
mod version;
mod wire;

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

pub use bartizan_rules::facts::Handshake;

use crate::dns::Dns;
pub use certificate::Authorities;
pub use inspect::inspect;
pub use report::{Answers, CertificateAnswers, Names, Protocol, Report, ResumptionAnswers};

/// The server to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The host of the site, a name or an address.
    pub host: String,
    /// Where it is.
    pub address: SocketAddr,
}

/// How to look.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long one connection may take.
    pub timeout: Duration,
    /// How long all of it may take.
    pub limit: Duration,
    /// How many connections are open at once.
    pub at_once: usize,
    /// Whose word counts for certificates.
    pub authorities: Authorities,
    /// Whom to ask about the name; nobody where DNS is to be left alone.
    pub dns: Option<Dns>,
    /// What the site sent as `Alt-Svc`, if it was fetched.
    pub alt_svc: Option<String>,
    /// The age of the site's HSTS policy in seconds, if it was fetched.
    pub hsts: Option<u64>,
    /// The moment as of which certificates are judged.
    pub now: SystemTime,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            // As long as a patient visitor waits for a first sign.
            timeout: Duration::from_secs(5),
            // A server that lets every question wait is not worth more.
            limit: Duration::from_secs(60),
            // Enough to fill the wait for answers, few enough not to look like an attack.
            at_once: 8,
            authorities: Authorities::default(),
            dns: None,
            alt_svc: None,
            hsts: None,
            now: SystemTime::now(),
        }
    }
}

/// Something that could not be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// What.
    pub what: String,
    /// Why not.
    pub why: &'static str,
}

impl fmt::Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}
