//! What holds for the whole process and outlives a reload: bounded, sharded tables.
//!
//! No clock is read here: times come in with the questions.

mod client_key;
mod client_table;
mod rate_table;

use std::sync::Arc;

use crate::metrics::Metrics;

pub use client_key::ClientKey;
pub use client_table::{ClientTable, ConnectionPermit, Full};
pub use rate_table::{Level, RateTable, Scope};

/// State that the workers share.
#[derive(Debug)]
pub struct Shared {
    /// Connections, in total and by client.
    pub clients: Arc<ClientTable>,
    /// Token buckets, by client and by what they bound.
    pub rates: Arc<RateTable>,
    /// What is counted.
    pub metrics: Metrics,
}

impl Shared {
    /// Begins empty, for so many workers.
    pub fn new(workers: usize) -> Self {
        Self { clients: Arc::default(), rates: Arc::default(), metrics: Metrics::new(workers) }
    }
}
