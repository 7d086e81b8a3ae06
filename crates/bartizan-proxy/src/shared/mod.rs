//! What holds for the whole process and outlives a reload: bounded, sharded tables.
//!
//! No clock is read here: times come in with the questions.

mod client_key;
mod client_table;
mod gates;
mod own_prefixes;
mod rate_table;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::metrics::Metrics;
use crate::services::Services;
use crate::waf::ledger::Ledger;
use crate::waf::{Judges, RuleSets};

pub use client_key::ClientKey;
pub use client_table::{ClientTable, ConnectionPermit, Full};
pub use gates::{Gate, Gates, Pass};
pub use own_prefixes::OwnPrefixes;
pub use rate_table::{Level, RateTable, Scope};

/// State that the workers share.
#[derive(Debug)]
pub struct Shared {
    /// Connections, in total and by client.
    pub clients: Arc<ClientTable>,
    /// Token buckets, by client and by what they bound.
    pub rates: Arc<RateTable>,
    /// Prefixed cookies of the apps' own, by site.
    own_prefixes: Mutex<BTreeMap<String, Arc<OwnPrefixes>>>,
    /// Requests that run at the app, by route.
    pub gates: Gates,
    /// What is counted.
    pub metrics: Metrics,
    /// What the firewall found.
    pub waf: Ledger,
    /// The firewall's rules.
    pub rule_sets: RuleSets,
    /// Where the firewall judges what is large.
    pub judges: Judges,
    /// What is answered by somebody else's hand.
    pub services: Services,
}

impl Shared {
    /// Begins empty, for so many workers.
    pub fn new(workers: usize) -> Self {
        Self::with_services(workers, Services::default())
    }

    /// Begins empty, with services to hand requests to.
    pub fn with_services(workers: usize, services: Services) -> Self {
        Self {
            clients: Arc::default(),
            rates: Arc::default(),
            own_prefixes: Mutex::default(),
            gates: Gates::default(),
            metrics: Metrics::new(workers),
            waf: Ledger::default(),
            rule_sets: RuleSets::default(),
            judges: Judges::default(),
            services,
        }
    }

    /// Returns what is learnt of a site's cookies; it outlives a reload.
    pub fn own_prefixes(&self, site: &str) -> Arc<OwnPrefixes> {
        let mut sites = self.own_prefixes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sites.entry(site.to_owned()).or_default())
    }
}
