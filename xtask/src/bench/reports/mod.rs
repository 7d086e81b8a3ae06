//! `bench reports`: django-lookout and bartizan in turn take reports over HTTP; reports a second on one core.
//!
//! Each measurement has a fresh process with a fresh store on a core of its own, h2load on the other. Only whole 2xx
//! answers count, and of bartizan only what its own metrics say is stored.

mod body;
mod contestant;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::row::{Row, median, rounded};
use super::server::{LOAD_CORE, Server, pinned};
use super::{Options, Report, binary};
use crate::process::{self, output_within};
use crate::project::Project;
use contestant::{Contestant, Ground};

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Workload {
    /// A report a request.
    Single,
    /// A hundred reports a request, as browsers send at most.
    Batch,
}

impl Workload {
    const ALL: [Self; 2] = [Self::Single, Self::Batch];

    fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Batch => "batch",
        }
    }

    /// Reports in a request.
    fn reports(self) -> u32 {
        match self {
            Self::Single => 1,
            Self::Batch => 100,
        }
    }

    /// Requests that take a few seconds: the peer is some thousand times slower.
    fn requests(self, contestant: Contestant) -> u32 {
        match (self, contestant) {
            (Self::Single, Contestant::Bartizan) => 100_000,
            (Self::Batch, Contestant::Bartizan) => 10_000,
            (Self::Single, Contestant::DjangoLookout) => 200,
            (Self::Batch, Contestant::DjangoLookout) => 8,
        }
    }
}

/// Measures everything that was asked for.
pub(super) fn run(project: &Project, options: &Options) -> Result<Report> {
    let workloads = choose(&options.workloads)?;
    let h2load = process::find("h2load").context("h2load is missing: cargo xtask setup installs it")?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let bartizan = binary::bartizan(project, options)?;
    let python = contestant::environment(project)?;
    let ground = Ground { folder: folder.path(), bartizan: &bartizan, python: &python };
    let mut report = Report { base: Contestant::DjangoLookout.name(), ..Report::default() };
    for workload in workloads {
        let mut medians = [None, None];
        let mut values = [Vec::new(), Vec::new()];
        for turn in 1..=options.runs() {
            for (contestant, values) in Contestant::ALL.into_iter().zip(&mut values) {
                eprint!("run {turn} of {}: {}, {}: ", options.runs(), workload.name(), contestant.name());
                // h2load wants a request for each client.
                let requests = options.count(workload.requests(contestant)).max(CLIENTS);
                match measure(workload, contestant, ground, &h2load, requests) {
                    Ok((value, kib)) => {
                        eprintln!("{value:.0} reports/s, {kib} KiB resident");
                        values.push(value);
                    }
                    Err(error) => {
                        report.failures.push(format!("{} at {}: {error:#}", contestant.name(), workload.name()))
                    }
                }
            }
        }
        for (place, values) in medians.iter_mut().zip(&values) {
            *place = median(values);
        }
        let [peer, ours] = medians;
        for (contestant, value) in [(Contestant::DjangoLookout, peer), (Contestant::Bartizan, ours)] {
            let Some(value) = value else { continue };
            let peer = peer.filter(|_| contestant == Contestant::Bartizan);
            report.rows.push(Row {
                workload: workload.name(),
                contestant: contestant.name(),
                value: rounded(value),
                unit: "reports/s",
                peer: peer.map(|_| Contestant::DjangoLookout.name()),
                ratio: peer.map(|peer| rounded(value / peer)),
            });
        }
    }
    report.notes.push(format!("medians of {} run(s); one process, one core, a SQLite store each", options.runs()));
    Ok(report)
}

fn choose(names: &[String]) -> Result<Vec<Workload>> {
    if names.is_empty() {
        return Ok(Workload::ALL.to_vec());
    }
    let find = |name: &String| Workload::ALL.into_iter().find(|workload| workload.name() == name);
    names.iter().map(|name| find(name).with_context(|| format!("no workload is called {name}"))).collect()
}

/// Returns reports a second, and the memory at the end.
fn measure(
    workload: Workload,
    contestant: Contestant,
    ground: Ground<'_>,
    h2load: &Path,
    requests: u32,
) -> Result<(f64, u64)> {
    let (server, address, admin) = contestant.start(ground)?;
    let body = ground.folder.join("body.json");
    std::fs::write(&body, body::of(workload.reports()))?;
    let load = |requests: u32| -> Result<f64> {
        let mut command = pinned(LOAD_CORE, h2load);
        command.args(["--h1", "--threads=1", &format!("--clients={CLIENTS}"), &format!("--requests={requests}")]);
        command.args(["--header=content-type: application/reports+json"]).arg(format!("--data={}", body.display()));
        command.arg(format!("http://{address}{}", contestant.path()));
        let output = output_within(&mut command, LIMIT)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let answered = succeeded(&text);
        ensure!(answered == Some(requests), "of {requests} requests {answered:?} were answered with 2xx:\n{text}");
        seconds(&text).with_context(|| format!("no time in:\n{text}"))
    };
    let warm_up = requests.div_ceil(10).max(CLIENTS);
    load(warm_up)?;
    let took = load(requests)?;
    if let Some(admin) = admin {
        all_are_stored(admin, u64::from(warm_up + requests) * u64::from(workload.reports()))?;
    }
    let kib = Server::resident_kib(&server)?;
    Ok((f64::from(requests) * f64::from(workload.reports()) / took, kib))
}

/// Waits until the metrics say that so many reports are stored: what is fast and lost is not fast.
fn all_are_stored(admin: SocketAddr, reports: u64) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let stored = contestant::metric(admin, "bartizan_reports_stored_total")?;
        if stored == reports {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("{stored} of {reports} reports are stored");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Reads how many answers were 2xx.
fn succeeded(summary: &str) -> Option<u32> {
    let codes = summary.lines().find_map(|line| line.strip_prefix("status codes: "))?;
    codes.split(',').next()?.trim().strip_suffix(" 2xx")?.parse().ok()
}

/// Reads how long all requests took.
fn seconds(summary: &str) -> Option<f64> {
    let time = summary.lines().find_map(|line| line.strip_prefix("finished in "))?.split(',').next()?;
    let units = [("us", 1e-6), ("ms", 1e-3), ("s", 1.0)];
    units.iter().find_map(|(unit, seconds)| Some(time.strip_suffix(unit)?.parse::<f64>().ok()? * seconds))
}

/// Connections at once.
const CLIENTS: u32 = 8;

/// For any one load: the peer takes seconds for what ours takes moments.
const LIMIT: Duration = Duration::from_secs(180);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_read() {
        for (time, expected) in [("1.50s", Some(1.5)), ("250.00ms", Some(0.25)), ("900us", Some(0.0009)), ("x", None)] {
            let text = format!("finished in {time}, 10.00 req/s, 1KB/s\nstatus codes: 7 2xx, 0 3xx, 0 4xx, 0 5xx\n");
            let close = |one: f64| expected.is_some_and(|other: f64| (one - other).abs() < 1e-9);
            assert_eq!(seconds(&text).is_some_and(close), expected.is_some(), "{time}");
            assert_eq!(succeeded(&text), Some(7));
        }
    }

    #[test]
    fn workloads_are_chosen_by_name() {
        assert_eq!(choose(&[]).unwrap(), Workload::ALL);
        assert_eq!(choose(&["batch".to_owned()]).unwrap(), [Workload::Batch]);
        assert!(choose(&["other".to_owned()]).is_err());
    }
}
