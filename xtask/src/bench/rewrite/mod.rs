//! `bench rewrite`: what nonces cost. The same pages through the wall as it is, through its autopilot, and through
//! nginx with `sub_filter`; CPU time of the proxy alone, which has one core.
//!
//! `page` is a page of 30 KB again and again, `stream` one page of a gigabyte.

mod contestant;
mod ground;

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::row::{Row, median, rounded};
use super::{Options, Report, binary};
use crate::project::Project;
use contestant::Contestant;
use ground::{App, fetch};

/// One job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Workload {
    Page,
    Stream,
}

impl Workload {
    const ALL: [Self; 2] = [Self::Page, Self::Stream];

    const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Stream => "stream",
        }
    }

    /// Where the app has it.
    const fn path(self) -> &'static str {
        match self {
            Self::Page => "/page",
            Self::Stream => "/stream",
        }
    }

    /// How often it is read; the long one is long enough.
    fn times(self, options: &Options) -> u32 {
        match self {
            Self::Page => options.count(20_000),
            Self::Stream => 1,
        }
    }
}

/// What one run took.
#[derive(Debug, Clone, Copy)]
struct Taken {
    cpu_seconds: f64,
    megabytes: f64,
    peak_kib: u64,
}

/// Measures everything that was asked for.
pub(super) fn run(project: &Project, options: &Options) -> Result<Report> {
    let is_wanted = |workload: &Workload| {
        options.workloads.is_empty() || options.workloads.iter().any(|name| name == workload.name())
    };
    let workloads: Vec<_> = Workload::ALL.into_iter().filter(is_wanted).collect();
    ensure!(!workloads.is_empty(), "the workloads are page and stream");
    let bartizan = binary::bartizan(project, options)?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let app = App::start()?;
    let mut report = Report { base: Contestant::Plain.name(), ..Report::default() };
    for workload in workloads {
        let mut base = None;
        for contestant in Contestant::ALL {
            let mut all = Vec::new();
            for _ in 0..options.runs() {
                match measure(workload, contestant, &app, &bartizan, folder.path(), options) {
                    Ok(taken) => all.push(taken),
                    Err(error) => {
                        report.failures.push(format!("{} at {}: {error:#}", contestant.name(), workload.name()));
                        break;
                    }
                }
            }
            let speeds: Vec<_> = all.iter().map(|taken| taken.megabytes / taken.cpu_seconds).collect();
            let Some(speed) = median(&speeds) else { continue };
            base = base.or(Some(speed));
            report.rows.push(Row {
                workload: workload.name(),
                contestant: contestant.name(),
                value: rounded(speed),
                unit: "MB/s",
                peer: Some(Contestant::Plain.name()),
                ratio: base.map(|base| rounded(speed / base)),
            });
            let note = note(workload, contestant, speed, app.page.len(), &all);
            eprintln!("{note}");
            report.notes.push(note);
        }
    }
    report.notes.push(format!(
        "medians of {} run(s); megabytes of page for each second of CPU time of the proxy alone, one worker on one core; \
         a page has {} elements that get a nonce",
        options.runs(),
        ground::ELEMENTS,
    ));
    Ok(report)
}

/// Pages before it counts.
const WARM_UP: u32 = 2000;

/// The same speed as people ask for it, and what it took of memory.
fn note(workload: Workload, contestant: Contestant, speed: f64, page: usize, all: &[Taken]) -> String {
    let peak = all.iter().map(|taken| taken.peak_kib).max().unwrap_or_default() / 1024;
    let name = contestant.name();
    match workload {
        Workload::Page => format!(
            "page, {name}: {:.1} µs of CPU for each page of {page} bytes, {:.2} ms for each MB",
            page as f64 / speed,
            1000.0 / speed
        ),
        Workload::Stream => {
            let length = all.first().map_or(0.0, |taken| taken.megabytes);
            format!("stream, {name}: a page of {length:.0} MB took {peak} MiB of memory at most")
        }
    }
}

fn measure(
    workload: Workload,
    contestant: Contestant,
    app: &App,
    bartizan: &Path,
    folder: &Path,
    options: &Options,
) -> Result<Taken> {
    let (server, address) = contestant.start(folder, app.address, bartizan)?;
    // Tables are filled and the first tick is over before it counts.
    let first = fetch(address, Workload::Page.path(), WARM_UP)?;
    ensure!(
        first.has_nonce == contestant.rewrites(),
        "a page came {}",
        if first.has_nonce { "with a nonce" } else { "without a nonce" }
    );
    let before = server.cpu_seconds()?;
    let fetched = fetch(address, workload.path(), workload.times(options))?;
    Ok(Taken {
        cpu_seconds: server.cpu_seconds()? - before,
        megabytes: fetched.bytes as f64 / 1e6,
        peak_kib: server.peak_kib()?,
    })
}
