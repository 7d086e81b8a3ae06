//! `bench rewrite`: what nonces cost. The same pages through the wall as it is, through its autopilot, and through
//! nginx with `sub_filter`; CPU time of the proxy alone.
//!
//! `page` is a page of 30 KB again and again, `stream` one page of many megabytes.

mod contestant;
mod ground;

use std::time::Instant;

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

    const fn unit(self) -> &'static str {
        match self {
            Self::Page => "µs/page",
            Self::Stream => "MB/s",
        }
    }
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
            let mut values = Vec::new();
            for _ in 0..options.runs() {
                match measure(workload, contestant, &app, &bartizan, folder.path(), options) {
                    Ok(value) => values.push(value),
                    Err(error) => {
                        report.failures.push(format!("{} at {}: {error:#}", contestant.name(), workload.name()));
                        break;
                    }
                }
            }
            let Some(value) = median(&values) else { continue };
            eprintln!("{}, {}: {value:.1} {}", workload.name(), contestant.name(), workload.unit());
            base = base.or(Some(value));
            report.rows.push(Row {
                workload: workload.name(),
                contestant: contestant.name(),
                value: rounded(value),
                unit: workload.unit(),
                peer: Some(Contestant::Plain.name()),
                ratio: base.map(|base| rounded(value / base)),
            });
        }
    }
    report.notes.push(format!(
        "medians of {} run(s); CPU time of the proxy alone, one worker, one core; a page is {} bytes with {} elements that \
         get a nonce",
        options.runs(),
        app.page.len(),
        ground::ELEMENTS,
    ));
    Ok(report)
}

fn measure(
    workload: Workload,
    contestant: Contestant,
    app: &App,
    bartizan: &std::path::Path,
    folder: &std::path::Path,
    options: &Options,
) -> Result<f64> {
    let (server, address) = contestant.start(folder, app.address, bartizan)?;
    // What is rewritten is seen once before it counts.
    let first = fetch(address, "/page", 1)?;
    ensure!(
        first.has_nonce == contestant.rewrites(),
        "a page came {}",
        if first.has_nonce { "with a nonce" } else { "without a nonce" }
    );
    let (path, count) = match workload {
        Workload::Page => ("/page", options.count(8000)),
        Workload::Stream => ("/stream", 1),
    };
    let before = server.cpu_seconds()?;
    let started = Instant::now();
    let fetched = fetch(address, path, count)?;
    let cpu = server.cpu_seconds()? - before;
    eprintln!("  {} MiB in {:.1} s", fetched.bytes >> 20, started.elapsed().as_secs_f64());
    Ok(match workload {
        Workload::Page => cpu * 1e6 / f64::from(count),
        Workload::Stream => fetched.bytes as f64 / 1e6 / cpu,
    })
}
