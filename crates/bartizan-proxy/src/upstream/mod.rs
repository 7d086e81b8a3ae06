//! The app behind the wall: its addresses, the connections to them, and one request at a time over each.
//!
//! `Upstream` is what the workers share (addresses, health, TLS settings); `Pool` is what one worker keeps
//! (connections). Nothing here knows stages, sites or clients; a request comes in whole and leaves as it came.

mod attempt;
mod balance;
mod body;
mod client;
mod connection;
mod credentials;
mod dial;
mod error;
mod form;
mod health;
mod ledger;
mod outgoing;
mod pool;
mod slots;
mod stream;
mod tls;
mod token;
mod upgrade;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use rustls_pki_types::ServerName;

use crate::config::{Balance, UpstreamAddress, UpstreamPlan, UpstreamProtocol};
pub use balance::AddressState;
pub use body::UpstreamBody;
pub use client::{SendContext, UpstreamResponse};
pub use credentials::{Credentials, CredentialsError};
pub use error::{Retry, UpstreamError, UpstreamErrorKind};
pub use health::check_forever;
pub use outgoing::ExchangeBody;
pub use pool::Pool;
pub use stream::UpstreamStream;
pub use upgrade::{UpgradedLoad, UpgradedParts, UpgradedUpstream};

/// One app, as all workers see it: built once for each configuration.
#[derive(Debug)]
pub struct Upstream {
    id: u64,
    plan: UpstreamPlan,
    addresses: Vec<Address>,
    tls: Option<TlsSettings>,
    started: Instant,
}

/// One address with its name for errors and what is known of its health.
#[derive(Debug)]
pub struct Address {
    place: UpstreamAddress,
    name: Arc<str>,
    server_name: Option<ServerName<'static>>,
    state: AddressState,
}

/// TLS settings that differ in nothing but the protocol asked for (ALPN).
#[derive(Debug)]
struct TlsSettings {
    http1: Arc<ClientConfig>,
    http2: Arc<ClientConfig>,
}

impl Upstream {
    /// Reads the TLS files of the plan and prepares its addresses.
    pub fn new(plan: &UpstreamPlan) -> Result<Self, UpstreamConfigError> {
        // Told apart by number, so that a pool never mixes the connections of two configurations.
        static NEXT: AtomicU64 = AtomicU64::new(0);

        if plan.addresses.is_empty() {
            return Err(UpstreamConfigError::NoAddress);
        }
        let addresses = plan.addresses.iter().map(|place| Address::new(place, plan)).collect::<Result<Vec<_>, _>>()?;
        let tls = if addresses.iter().any(|address| address.server_name.is_some()) {
            Some(tls::settings(&plan.tls)?)
        } else {
            None
        };
        Ok(Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            plan: plan.clone(),
            addresses,
            tls,
            started: Instant::now(),
        })
    }

    /// Returns the plan it was built from.
    pub fn plan(&self) -> &UpstreamPlan {
        &self.plan
    }

    /// Returns the addresses in the order of the plan.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Returns whether at least one address is neither resting nor found ill by a check.
    pub fn is_available(&self) -> bool {
        let now = self.elapsed();
        self.addresses.iter().any(|address| address.state.is_available(now))
    }

    /// Returns the time since this upstream was built: the clock of its resting addresses.
    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Running requests cost two shared atomics each, so they are counted only where a choice rests on them.
    fn counts_running(&self) -> bool {
        self.plan.balance == Balance::LeastRequests && self.addresses.len() > 1
    }

    fn speaks_http2(&self) -> bool {
        self.plan.protocol == UpstreamProtocol::Http2
    }
}

impl Address {
    fn new(place: &UpstreamAddress, plan: &UpstreamPlan) -> Result<Self, UpstreamConfigError> {
        let server_name = match place {
            UpstreamAddress::Tcp { host, tls: true, .. } => {
                let name = plan.tls.server_name.as_ref().unwrap_or(host);
                let parsed = ServerName::try_from(name.clone())
                    .map_err(|_| UpstreamConfigError::ServerName { name: name.clone() })?;
                Some(parsed)
            }
            UpstreamAddress::Tcp { .. } | UpstreamAddress::Unix(_) => None,
        };
        let name = place.to_string().into();
        Ok(Self { place: place.clone(), name, server_name, state: AddressState::default() })
    }

    /// Returns the address as the configuration has it.
    pub fn place(&self) -> &UpstreamAddress {
        &self.place
    }

    /// Returns what is known of its health and load.
    pub fn state(&self) -> &AddressState {
        &self.state
    }
}

/// Why an upstream cannot be built from its plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpstreamConfigError {
    /// An authority in the file is not a certificate that can be believed.
    #[error("unusable certificate authority in {path}")]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<rustls::Error>,
    },
    /// Our certificate and key do not fit each other, or cannot be used.
    #[error("unusable client certificate {chain} with key {key}")]
    Identity {
        /// The file of the chain.
        chain: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What is wrong with them.
        source: Box<rustls::Error>,
    },
    /// The plan names no address.
    #[error("no upstream address")]
    NoAddress,
    /// The file has no certificate or key in PEM form.
    #[error("no {wanted} in {path}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        wanted: &'static str,
        /// What is wrong with it, where it is more than absence.
        source: Option<rustls_pki_types::pem::Error>,
    },
    /// The file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The name to check the certificate against is neither a host name nor an address.
    #[error("{name:?} is not a name that a certificate can carry")]
    ServerName {
        /// The name.
        name: String,
    },
    /// The TLS settings contradict each other.
    #[error("unusable TLS settings")]
    Tls {
        /// Why.
        source: Box<rustls::Error>,
    },
}
