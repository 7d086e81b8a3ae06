//! What is counted, and how Prometheus reads it.
//!
//! Each worker writes a slot of its own, so that counting costs no cache line a neighbour needs; a
//! scrape adds the slots up. Names of sites are the operator's, so the number of series is bounded.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;

use crate::stages::RefusalKind;
use crate::stages::order::REFUSALS;

/// Every count of the process.
#[derive(Debug)]
pub struct Metrics {
    workers: usize,
    sites: Mutex<BTreeMap<String, Arc<SiteCounters>>>,
    /// Connections that were closed unserved, because a limit was reached.
    pub(crate) connections_refused: AtomicU64,
    /// TLS handshakes that failed.
    pub(crate) handshakes_failed: AtomicU64,
    /// Reloads of the configuration: taken over, and refused.
    pub(crate) reloads: [AtomicU64; 2],
}

/// The counts of one site.
#[derive(Debug)]
pub struct SiteCounters {
    name: String,
    slots: Box<[Slot]>,
}

/// The counts of one site on one worker; aligned so that no two workers share a cache line.
#[derive(Debug)]
#[repr(align(128))]
struct Slot {
    /// By first digit of the status.
    statuses: [AtomicU64; 6],
    /// By position in [`REFUSALS`].
    refusals: Box<[AtomicU64]>,
    /// By bound in [`BUCKETS`], and above the last.
    durations: [AtomicU64; BUCKETS.len() + 1],
    duration_micros: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
}

impl Metrics {
    /// Begins to count for so many workers.
    pub fn new(workers: usize) -> Self {
        Self {
            workers,
            sites: Mutex::default(),
            connections_refused: AtomicU64::new(0),
            handshakes_failed: AtomicU64::new(0),
            reloads: [AtomicU64::new(0), AtomicU64::new(0)],
        }
    }

    /// Returns the counters of a site; they outlive a reload.
    pub(crate) fn site(&self, name: &str) -> Arc<SiteCounters> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counters) = sites.get(name) {
            return Arc::clone(counters);
        }
        let slots = (0..self.workers).map(|_| Slot::new()).collect();
        let counters = Arc::new(SiteCounters { name: name.to_owned(), slots });
        sites.insert(name.to_owned(), Arc::clone(&counters));
        counters
    }

    /// Returns how often requests were refused, by site and by the reason's id; what never happened is left out.
    pub(crate) fn refused(&self) -> Vec<(String, &'static str, u64)> {
        let mut refused = Vec::new();
        for site in self.sites.lock().unwrap_or_else(PoisonError::into_inner).values() {
            let counts = REFUSALS.iter().zip(site.sum(|slot| &slot.refusals)).filter(|(_, count)| *count > 0);
            refused.extend(counts.map(|(kind, count)| (site.name.clone(), kind.about.id, count)));
        }
        refused
    }

    /// Returns how many exchanges ended, by site and by first digit of the status, from 1 to 5.
    pub(crate) fn ended(&self) -> Vec<(String, [u64; 5])> {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = sites.values().map(|site| {
            let mut classes = [0; 5];
            let counts = site.sum(|slot| &slot.statuses);
            classes.iter_mut().zip(counts.iter().skip(1)).for_each(|(class, count)| *class = *count);
            (site.name.clone(), classes)
        });
        ended.collect()
    }

    /// Writes everything in Prometheus' text format; `connections` are those open now.
    pub(crate) fn render(&self, connections: u64, upstreams: &[UpstreamState], lines_lost: u64) -> String {
        let mut text = String::with_capacity(8 * 1024);
        let sites: Vec<_> = self.sites.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        head(&mut text, "bartizan_requests_total", "counter", "Exchanges ended, by site and class of status.");
        for site in &sites {
            for (class, count) in
                site.sum(|slot| &slot.statuses).into_iter().enumerate().filter(|(_, count)| *count > 0)
            {
                line(
                    &mut text,
                    "bartizan_requests_total",
                    &[("site", &site.name), ("code", &format!("{class}xx"))],
                    count,
                );
            }
        }
        head(&mut text, "bartizan_refusals_total", "counter", "Requests and answers refused, by site and reason.");
        for site in &sites {
            for (kind, count) in REFUSALS.iter().zip(site.sum(|slot| &slot.refusals)).filter(|(_, count)| *count > 0) {
                line(&mut text, "bartizan_refusals_total", &[("site", &site.name), ("refusal", kind.about.id)], count);
            }
        }
        head(&mut text, "bartizan_request_duration_seconds", "histogram", "From the complete head to the last byte.");
        for site in &sites {
            site.render_durations(&mut text);
        }
        for (name, help, pick) in [
            (
                "bartizan_received_bytes_total",
                "Bytes of request bodies.",
                (|slot| &slot.received) as fn(&Slot) -> &AtomicU64,
            ),
            ("bartizan_sent_bytes_total", "Bytes of response bodies.", |slot| &slot.sent),
        ] {
            head(&mut text, name, "counter", help);
            for site in &sites {
                let sum = site.slots.iter().map(|slot| pick(slot).load(Ordering::Relaxed)).sum();
                line(&mut text, name, &[("site", &site.name)], sum);
            }
        }
        head(&mut text, "bartizan_upstream_up", "gauge", "Whether an address of an app is in use (1) or resting (0).");
        for upstream in upstreams {
            let labels = [("site", upstream.site.as_str()), ("upstream", upstream.address.as_str())];
            line(&mut text, "bartizan_upstream_up", &labels, u64::from(upstream.is_up));
        }
        for (name, kind, help, value) in [
            ("bartizan_connections", "gauge", "Connections open now.", connections),
            (
                "bartizan_connections_refused_total",
                "counter",
                "Connections closed unserved, because a limit was reached.",
                self.connections_refused.load(Ordering::Relaxed),
            ),
            (
                "bartizan_handshakes_failed_total",
                "counter",
                "TLS handshakes that failed.",
                self.handshakes_failed.load(Ordering::Relaxed),
            ),
            ("bartizan_access_log_lost_lines_total", "counter", "Lines that a slow reader lost.", lines_lost),
        ] {
            head(&mut text, name, kind, help);
            line(&mut text, name, &[], value);
        }
        head(&mut text, "bartizan_config_reloads_total", "counter", "Reloads, by whether they were taken over.");
        for (result, count) in ["taken", "refused"].into_iter().zip(&self.reloads) {
            line(&mut text, "bartizan_config_reloads_total", &[("result", result)], count.load(Ordering::Relaxed));
        }
        head(&mut text, "bartizan_build_info", "gauge", "The version that runs.");
        line(&mut text, "bartizan_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
        text
    }
}

/// The state of one address of an app, as a scrape shows it.
#[derive(Debug)]
pub(crate) struct UpstreamState {
    pub(crate) site: String,
    pub(crate) address: String,
    pub(crate) is_up: bool,
}

impl SiteCounters {
    /// Returns the site's name, its first host.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Counts one exchange that ended.
    pub(crate) fn exchange(
        &self,
        worker: usize,
        status: StatusCode,
        refusal: Option<&'static RefusalKind>,
        took: Duration,
        received: u64,
        sent: u64,
    ) {
        let Some(slot) = self.slots.get(worker) else { return };
        if let Some(count) = slot.statuses.get(usize::from(status.as_u16() / 100)) {
            add(count, 1);
        }
        if let Some(kind) = refusal
            && let Ok(place) = REFUSALS.binary_search_by(|known| known.about.id.cmp(kind.about.id))
            && let Some(count) = slot.refusals.get(place)
        {
            add(count, 1);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let place = BUCKETS.partition_point(|bound| *bound < micros);
        if let Some(count) = slot.durations.get(place) {
            add(count, 1);
        }
        add(&slot.duration_micros, micros);
        add(&slot.received, received);
        add(&slot.sent, sent);
    }

    fn sum<'a>(&'a self, pick: impl Fn(&'a Slot) -> &'a [AtomicU64]) -> Vec<u64> {
        let mut sums: Vec<u64> = Vec::new();
        for slot in &self.slots {
            let counts = pick(slot);
            sums.resize(counts.len(), 0);
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count.load(Ordering::Relaxed);
            }
        }
        sums
    }

    fn render_durations(&self, text: &mut String) {
        const NAME: &str = "bartizan_request_duration_seconds";
        let mut below = 0;
        let bounds = BUCKETS.iter().map(|micros| (*micros as f64 / 1e6).to_string()).chain(["+Inf".to_owned()]);
        for (bound, count) in bounds.zip(self.sum(|slot| &slot.durations)) {
            below += count;
            line(text, &format!("{NAME}_bucket"), &[("site", &self.name), ("le", &bound)], below);
        }
        let micros: u64 = self.slots.iter().map(|slot| slot.duration_micros.load(Ordering::Relaxed)).sum();
        let _ = writeln!(text, "{NAME}_sum{{site=\"{}\"}} {}", label(&self.name), micros as f64 / 1e6);
        line(text, &format!("{NAME}_count"), &[("site", &self.name)], below);
    }
}

impl Slot {
    fn new() -> Self {
        Self {
            statuses: Default::default(),
            refusals: REFUSALS.iter().map(|_| AtomicU64::new(0)).collect(),
            durations: Default::default(),
            duration_micros: AtomicU64::new(0),
            received: AtomicU64::new(0),
            sent: AtomicU64::new(0),
        }
    }
}

/// Adds without a locked instruction: each slot has one writer.
fn add(count: &AtomicU64, more: u64) {
    count.store(count.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

fn line(text: &mut String, name: &str, labels: &[(&str, &str)], value: u64) {
    text.push_str(name);
    for (place, (key, value)) in labels.iter().enumerate() {
        let _ = write!(text, "{}{key}=\"{}\"", if place == 0 { '{' } else { ',' }, label(value));
    }
    let _ = writeln!(text, "{} {value}", if labels.is_empty() { "" } else { "}" });
}

fn label(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Microseconds; from a cached page to an app that thinks.
const BUCKETS: [u64; 11] =
    [500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 250_000, 1_000_000, 5_000_000, 30_000_000];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_all_workers_are_added_up() {
        let metrics = Metrics::new(2);
        let site = metrics.site("a.example");
        for worker in [0, 1, 1, 9] {
            site.exchange(worker, StatusCode::OK, None, Duration::from_millis(3), 10, 20);
        }
        let text = metrics.render(4, &[], 0);
        for expected in [
            "bartizan_requests_total{site=\"a.example\",code=\"2xx\"} 3",
            "bartizan_request_duration_seconds_bucket{site=\"a.example\",le=\"0.0025\"} 0",
            "bartizan_request_duration_seconds_bucket{site=\"a.example\",le=\"0.005\"} 3",
            "bartizan_request_duration_seconds_count{site=\"a.example\"} 3",
            "bartizan_sent_bytes_total{site=\"a.example\"} 60",
            "bartizan_connections 4",
        ] {
            assert!(text.lines().any(|line| line == expected), "{expected}\n{text}");
        }
    }
}
