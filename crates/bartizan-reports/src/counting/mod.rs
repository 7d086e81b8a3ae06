//! Counting in memory: fingerprint to count, with capped samples, until a batch goes to the store.
//!
//! Everything is bounded, since every field of a report can be forged: sites, groups of a site and of all,
//! new groups that one client may begin in an hour, pages, samples, and what waits for the store. What does not fit is counted: reports beyond the groups in
//! one group more a kind, so that they stay in the totals; everything else in the counters.

mod budget;
mod entry;
mod table;

use std::time::Duration;

pub use table::{Arrival, Counted, Counting, REST, Table};

/// How much may be kept in memory.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Sites, where any may report.
    pub sites: usize,
    /// Groups of one site.
    pub groups_per_site: usize,
    /// Groups of all sites.
    pub groups: usize,
    /// New groups that one client may begin in an hour.
    pub new_groups_per_client: u16,
    /// Reports that wait for the store: what a crash can lose.
    pub waiting_reports: u64,
    /// Bytes of samples that wait for the store.
    pub waiting_bytes: usize,
    /// The longest body that is kept as a sample.
    pub sample_bytes: usize,
    /// How long until a group that has its first samples gets another.
    pub sample_every: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            sites: 256,
            // More than any site's own violations; a flood of forged ones then fills some 10 MB.
            groups_per_site: 10_000,
            groups: 30_000,
            // A page that violates its policy in hundreds of ways is one client's whole budget.
            new_groups_per_client: 2_000,
            // A few seconds at the highest rate.
            waiting_reports: 2_000_000,
            // Some seven thousand samples; there are as many again while a batch is on its way to the store.
            waiting_bytes: 6 << 20,
            // Holds a policy of 8 kB beside the rest.
            sample_bytes: 16 << 10,
            sample_every: Duration::from_secs(3600),
        }
    }
}
