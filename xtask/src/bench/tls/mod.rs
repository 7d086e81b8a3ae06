//! `bench scan`, workload `tls`: how long sslyze and bartizan take to enumerate one server's TLS.
//!
//! The server is Debian's nginx on one core; the contestants take turns on the other. What counts is the
//! wall time of the whole program, from its start to its end.

mod ground;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::row::{Row, median, rounded};
use super::server::{LOAD_CORE, pinned};
use super::{Options, Report, binary};
use crate::process;
use crate::project::Project;
use crate::setup;
use ground::{Ground, HOST};

/// The name under which `--workloads` knows it.
pub(super) const WORKLOAD: &str = "tls";

/// Measures the workload, if it is asked for.
pub(super) fn run(project: &Project, options: &Options) -> Result<Report> {
    let mut report = Report::default();
    if !options.workloads.is_empty() && !options.workloads.iter().any(|name| name == WORKLOAD) {
        return Ok(report);
    }
    let bartizan = binary::bartizan(project, options)?;
    let sslyze = setup::programs(project).join("sslyze");
    ensure!(sslyze.is_file(), "no sslyze at {}; `cargo xtask setup` installs it", sslyze.display());
    let ground = Ground::start()?;
    let (address, authority) = (ground.address(), ground.authority());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for turn in 1..=options.runs() {
        let mut command = pinned(LOAD_CORE, &bartizan);
        let url = format!("https://{HOST}:{}/", address.port());
        command.args(["scan", "--only", "tls", "--format", "json", "--resolve"]);
        command.arg(format!("{HOST}:{}:{}", address.port(), address.ip())).arg("--cacert").arg(&authority).arg(url);
        ours.push(timed(&mut command, "\"tls_1_2\"")?);
        let mut command = pinned(LOAD_CORE, &sslyze);
        command.arg(format!("--sni={HOST}")).arg(format!("--certinfo_ca_file={}", authority.display()));
        command.arg(address.to_string());
        theirs.push(timed(&mut command, "TLS 1.2 Cipher Suites")?);
        eprintln!("run {turn} of {}: bartizan {:.0} ms, sslyze {:.0} ms", options.runs(), last(&ours), last(&theirs));
    }
    let (Some(ours), Some(theirs)) = (median(&ours), median(&theirs)) else { return Ok(report) };
    let row = |contestant, value, ratio: Option<f64>| Row {
        workload: WORKLOAD,
        contestant,
        value: rounded(value),
        unit: "ms/site",
        peer: ratio.map(|_| "sslyze"),
        ratio: ratio.map(rounded),
    };
    report.rows = vec![row("sslyze", theirs, None), row("bartizan", ours, Some(ours / theirs))];
    report.notes.push(format!("tls: medians of {} run(s); the ratio is to sslyze 6.3.1", options.runs()));
    Ok(report)
}

/// Runs a program to its end and returns its wall time in milliseconds, if it wrote what it must.
fn timed(command: &mut Command, must_say: &str) -> Result<f64> {
    let shown = process::show(command);
    let start = Instant::now();
    let output = process::output_within(command, LIMIT)?;
    let taken = start.elapsed();
    let text = String::from_utf8_lossy(&output.stdout);
    // Findings end bartizan with another code than 0: what was seen counts, not how it is judged.
    let error = String::from_utf8_lossy(&output.stderr);
    text.contains(must_say).then_some(()).with_context(|| format!("`{shown}` enumerated nothing: {error}"))?;
    Ok(taken.as_secs_f64() * 1000.0)
}

fn last(values: &[f64]) -> f64 {
    values.last().copied().unwrap_or_default()
}

/// Many times what either takes.
const LIMIT: Duration = Duration::from_secs(120);
