//! How many reports a site may still send in this minute.

use std::collections::HashMap;

/// What each site with a quota has spent.
#[derive(Debug, Default)]
pub(super) struct Quotas {
    minute: i64,
    spent: HashMap<String, u64>,
}

impl Quotas {
    /// Returns what is left of a quota.
    pub(super) fn left(&mut self, site: &str, quota: u64, now: i64) -> u64 {
        let minute = now.div_euclid(60_000);
        if self.minute != minute {
            self.minute = minute;
            self.spent.clear();
        }
        quota.saturating_sub(self.spent.get(site).copied().unwrap_or_default())
    }

    /// Notes what was spent; those that name themselves are bounded, or the table would be theirs.
    pub(super) fn spend(&mut self, site: &str, reports: u64) {
        if let Some(spent) = self.spent.get_mut(site) {
            *spent += reports;
        } else if self.spent.len() < MOST {
            self.spent.insert(site.to_owned(), reports);
        }
    }
}

const MOST: usize = 10_000;
