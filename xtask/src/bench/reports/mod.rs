//! `bench reports`: django-lookout and bartizan in turn take reports over HTTP; reports a second on one core.
//!
//! Each measurement has a fresh process with a fresh store on a core of its own, h2load on the other. Only whole 2xx
//! answers count, and of bartizan only what its own metrics say is stored. A ratio is that of one turn, in which both
//! ran one after the other, and the median of turns counts; what others took of the core is said, and what each did
//! in a second of its own CPU time.

mod body;
mod contestant;
mod flood;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::row::{Row, median, rounded};
use super::server::{LOAD_CORE, Server, core_seconds, pinned};
use super::{Options, Report, binary};
use crate::process::{self, output_within};
use crate::project::Project;
use contestant::{Contestant, Ground};
use flood::Sent;

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Workload {
    /// A report a request.
    Single,
    /// A hundred reports a request, as browsers send at most; the same hundred again and again, as most visitors do.
    Batch,
    /// A hundred reports a request, no two of them the same bytes: each is read.
    Distinct,
    /// Ten million reports of a hundred thousand forged fingerprints: how much memory ours takes.
    Flood,
}

impl Workload {
    const ALL: [Self; 4] = [Self::Single, Self::Batch, Self::Distinct, Self::Flood];

    fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Batch => "batch",
            Self::Distinct => "distinct",
            Self::Flood => "flood",
        }
    }

    /// Reports in a request.
    fn reports(self) -> u32 {
        match self {
            Self::Single => 1,
            Self::Batch | Self::Distinct | Self::Flood => 100,
        }
    }

    /// Requests that take a few seconds: the peer is some thousand times slower.
    fn requests(self, contestant: Contestant) -> u32 {
        match (self, contestant) {
            (Self::Single, Contestant::Bartizan) => 100_000,
            (Self::Batch, Contestant::Bartizan) => 50_000,
            (Self::Distinct, _) => 20_000,
            (Self::Flood, _) => 100_000,
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
        let sent = match workload {
            Workload::Single | Workload::Batch => None,
            Workload::Distinct => Some(Sent::Distinct),
            Workload::Flood => Some(Sent::Forged),
        };
        if let Some(sent) = sent {
            report.alone(workload, sent, ground, options.count(workload.requests(Contestant::Bartizan)));
            continue;
        }
        let mut turns = Vec::new();
        for turn in 1..=options.runs() {
            let mut found = [None, None];
            for (contestant, found) in Contestant::ALL.into_iter().zip(&mut found) {
                eprint!("run {turn} of {}: {}, {}: ", options.runs(), workload.name(), contestant.name());
                // h2load wants a request for each client.
                let requests = options.count(workload.requests(contestant)).max(CLIENTS);
                match measure(workload, contestant, ground, &h2load, requests) {
                    Ok(measured) => {
                        let Measured { rate, per_cpu, stolen, kib } = measured;
                        let percent = stolen * 100.0;
                        eprintln!(
                            "{rate:.0} reports/s, {per_cpu:.0} a CPU second, {percent:.0}% of the core others', {kib} KiB"
                        );
                        *found = Some(measured);
                    }
                    Err(error) => {
                        report.failures.push(format!("{} at {}: {error:#}", contestant.name(), workload.name()))
                    }
                }
            }
            turns.push(found);
        }
        report.add(workload, &turns);
    }
    report.notes.push(format!("medians of {} run(s); one process, one core, a SQLite store each", options.runs()));
    Ok(report)
}

/// What one run found.
#[derive(Debug, Clone, Copy)]
struct Measured {
    /// Reports a second.
    rate: f64,
    /// Reports a second of the server's own CPU time.
    per_cpu: f64,
    /// The share of the core that others took meanwhile.
    stolen: f64,
    /// Memory at the end.
    kib: u64,
}

impl Report {
    /// Measures ours alone, and adds its rows.
    fn alone(&mut self, workload: Workload, sent: Sent, ground: Ground<'_>, requests: u32) {
        eprint!("{}: ", workload.name());
        let found = match flood::measure(ground, sent, requests) {
            Ok(found) => found,
            Err(error) => return self.failures.push(format!("bartizan at {}: {error:#}", workload.name())),
        };
        let row = |value: f64, unit| Row {
            workload: workload.name(),
            contestant: Contestant::Bartizan.name(),
            value: rounded(value),
            unit,
            peer: None,
            ratio: None,
        };
        self.rows.push(row(found.rate, "reports/s"));
        self.rows.push(row(found.peak as f64 / 1024.0, "MiB at most"));
        self.notes.push(format!(
            "{}: {:.0} reports in a second of CPU time; {} KiB at most",
            workload.name(),
            found.per_cpu,
            found.peak
        ));
    }

    /// Adds the rows of a workload: peer and ours, by turns.
    fn add(&mut self, workload: Workload, turns: &[[Option<Measured>; 2]]) {
        let all = |place: usize, of: fn(&Measured) -> f64| -> Vec<f64> {
            turns.iter().filter_map(|turn| turn.get(place)?.as_ref().map(of)).collect()
        };
        let ratios: Vec<f64> =
            turns.iter().filter_map(|[peer, ours]| Some(ours.as_ref()?.rate / peer.as_ref()?.rate)).collect();
        for (place, contestant) in Contestant::ALL.into_iter().enumerate() {
            let Some(value) = median(&all(place, |measured| measured.rate)) else { continue };
            let ratio = median(&ratios).filter(|_| contestant == Contestant::Bartizan);
            self.rows.push(Row {
                workload: workload.name(),
                contestant: contestant.name(),
                value: rounded(value),
                unit: "reports/s",
                peer: ratio.map(|_| Contestant::DjangoLookout.name()),
                ratio: ratio.map(rounded),
            });
            let per_cpu = median(&all(place, |measured| measured.per_cpu)).unwrap_or_default();
            let stolen = all(place, |measured| measured.stolen).into_iter().fold(0.0, f64::max) * 100.0;
            self.notes.push(format!(
                "{}, {}: {per_cpu:.0} reports in a second of CPU time; others took up to {stolen:.0}% of the core",
                workload.name(),
                contestant.name()
            ));
        }
    }
}

fn choose(names: &[String]) -> Result<Vec<Workload>> {
    if names.is_empty() {
        return Ok(Workload::ALL.to_vec());
    }
    let find = |name: &String| Workload::ALL.into_iter().find(|workload| workload.name() == name);
    names.iter().map(|name| find(name).with_context(|| format!("no workload is called {name}"))).collect()
}

/// Measures one contestant at one workload.
fn measure(
    workload: Workload,
    contestant: Contestant,
    ground: Ground<'_>,
    h2load: &Path,
    requests: u32,
) -> Result<Measured> {
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
    let (cpu, core, start) = (server.cpu_seconds()?, core_seconds()?, Instant::now());
    let took = load(requests)?;
    let (cpu, core, wall) = (server.cpu_seconds()? - cpu, core_seconds()? - core, start.elapsed().as_secs_f64());
    if let Some(admin) = admin {
        all_are_stored(admin, u64::from(warm_up + requests) * u64::from(workload.reports()))?;
    }
    let kib = Server::resident_kib(&server)?;
    let reports = f64::from(requests) * f64::from(workload.reports());
    let stolen = ((core - cpu) / wall).clamp(0.0, 1.0);
    Ok(Measured { rate: reports / took, per_cpu: reports / cpu.max(f64::EPSILON), stolen, kib })
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
