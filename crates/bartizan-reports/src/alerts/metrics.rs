//! Alerts and deliveries in numbers for Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use super::KINDS;

/// Every counter of alerts.
#[derive(Debug, Default)]
pub struct AlertCounters {
    found: [AtomicU64; MOST_KINDS],
    pub(super) delivered: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) dropped: AtomicU64,
    pub(super) waiting: AtomicU64,
}

impl AlertCounters {
    pub(super) fn found(&self, place: usize, count: usize) {
        if let Some(found) = self.found.get(place) {
            found.fetch_add(count as u64, Ordering::Relaxed);
        }
    }

    /// Returns how many messages arrived.
    pub fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }

    /// Returns how many deliveries failed; each but the last is tried again.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Writes every counter in Prometheus' text form.
    pub fn render(&self) -> String {
        let mut out = String::from(
            "# HELP bartizan_alerts_found_total Alerts, by kind\n# TYPE bartizan_alerts_found_total counter\n",
        );
        for (kind, count) in KINDS.iter().zip(&self.found) {
            // Writing to a String cannot fail.
            let count = count.load(Ordering::Relaxed);
            let _ = writeln!(out, "bartizan_alerts_found_total{{kind=\"{}\"}} {count}", kind.name);
        }
        for (name, help, form, value) in [
            ("delivered_total", "Messages that arrived", "counter", &self.delivered),
            ("failed_total", "Deliveries that failed; each but the last is tried again", "counter", &self.failed),
            ("dropped_total", "Alerts that were given up", "counter", &self.dropped),
            ("waiting", "Alerts that wait to be delivered", "gauge", &self.waiting),
        ] {
            let value = value.load(Ordering::Relaxed);
            let _ = write!(
                out,
                "# HELP bartizan_alerts_{name} {help}\n# TYPE bartizan_alerts_{name} {form}\nbartizan_alerts_{name} {value}\n"
            );
        }
        out
    }
}

const MOST_KINDS: usize = 9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_counter() {
        assert_eq!(KINDS.len(), MOST_KINDS);
    }
}
