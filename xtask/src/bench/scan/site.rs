//! Workload `site`: how long npm's Observatory and bartizan take for one site, and bartizan for a thousand in a batch.
//!
//! Both make the same requests of the same server, which runs in this process; what counts is the wall time of the
//! whole program, from its start to its end. Only bartizan reads a batch, so that row has no peer.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::ground::Ground;
use crate::bench::row::{Row, median, rounded};
use crate::bench::{Options, Report, binary};
use crate::process;
use crate::project::Project;

/// The name under which `--workloads` knows it.
const WORKLOAD: &str = "site";
/// The peer, as npm installs it; its own starter would replace the authorities that it is given.
const PEER: &str = "target/test-node/node_modules/@mdn/mdn-http-observatory/src/scan.js";
/// Many times what either takes.
const LIMIT: Duration = Duration::from_secs(120);

/// Measures the workload, if it is asked for.
pub(super) fn run(project: &Project, options: &Options) -> Result<Report> {
    let mut report = Report::default();
    if !options.workloads.is_empty() && !options.workloads.iter().any(|name| name == WORKLOAD) {
        return Ok(report);
    }
    let bartizan = binary::bartizan(project, options)?;
    let peer = project.root.join(PEER);
    ensure!(peer.is_file(), "no Observatory at {}; `cargo xtask setup` installs it", peer.display());
    let ground = Ground::start()?;
    let (address, authority) = (ground.address().to_string(), ground.authority());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for turn in 1..=options.runs() {
        let mut command = Command::new(&bartizan);
        command.args(["scan", "--only", "observatory", "--algorithm", "4", "--format", "json", "--cacert"]);
        ours.push(timed(command.arg(&authority).arg(&address))?);
        let mut command = Command::new("node");
        theirs.push(timed(command.arg(&peer).arg(&address).env("NODE_EXTRA_CA_CERTS", &authority))?);
        let last = |values: &[f64]| values.last().copied().unwrap_or_default();
        eprintln!(
            "run {turn} of {}: bartizan {:.0} ms, Observatory {:.0} ms",
            options.runs(),
            last(&ours),
            last(&theirs)
        );
    }
    let (Some(ours), Some(theirs)) = (median(&ours), median(&theirs)) else { return Ok(report) };
    let row = |workload, contestant, value, unit, ratio: Option<f64>| Row {
        workload,
        contestant,
        value: rounded(value),
        unit,
        peer: ratio.map(|_| "observatory"),
        ratio: ratio.map(rounded),
    };
    report.rows.push(row(WORKLOAD, "observatory", theirs, "ms/site", None));
    report.rows.push(row(WORKLOAD, "bartizan", ours, "ms/site", Some(ours / theirs)));

    let sites = options.count(1000);
    let (seconds, megabytes) = batch(&bartizan, &ground, sites)?;
    report.rows.push(row("batch", "bartizan", seconds, "s", None));
    report.rows.push(row("batch memory", "bartizan", megabytes, "MiB", None));
    report.notes.push(format!("site: medians of {} run(s); the ratio is to npm's Observatory 1.4.8", options.runs()));
    report.notes.push(format!("batch: {sites} sites with --only observatory,findings, the server on the same cores"));
    Ok(report)
}

/// Runs a program to its end and returns its wall time in milliseconds, if it gave a grade.
fn timed(command: &mut Command) -> Result<f64> {
    let shown = process::show(command);
    let start = Instant::now();
    let output = process::output_within(command, LIMIT)?;
    let taken = start.elapsed();
    let text = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    text.contains("csp-implemented-with-no-unsafe")
        .then_some(())
        .with_context(|| format!("`{shown}` graded nothing: {text}{error}"))?;
    Ok(taken.as_secs_f64() * 1000.0)
}

/// Runs a batch and returns its wall time in seconds and the most memory it had, in MiB.
fn batch(bartizan: &std::path::Path, ground: &Ground, sites: u32) -> Result<(f64, f64)> {
    let folder = tempfile::tempdir()?;
    let address = ground.address();
    let rows = (0..sites).map(|number| {
        let (host, port, ip) = (format!("s{number}.site.test"), address.port(), address.ip());
        serde_json::json!({
            "id": number, "url": format!("{host}:{port}"), "resolve": [format!("{host}:{port}:{ip}")],
            "cacert": ground.authority(),
        })
    });
    let file = folder.path().join("sites.jsonl");
    fs::write(&file, rows.map(|row| format!("{row}\n")).collect::<String>())?;
    let answers = folder.path().join("answers.jsonl");
    let mut command = Command::new(bartizan);
    command.args(["scan", "--only", "observatory,findings", "--algorithm", "4", "--batch"]).arg(&file);
    let start = Instant::now();
    let mut child = command.stdout(Stdio::from(fs::File::create(&answers)?)).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0;
    let ended = loop {
        // The kernel keeps the highest mark itself, so that reading it now and then is enough.
        most = fs::read_to_string(&status).ok().and_then(|text| highest(&text)).unwrap_or(most);
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        ensure!(start.elapsed() < LIMIT, "the batch does not end");
        thread::sleep(Duration::from_millis(10));
    };
    let taken = start.elapsed().as_secs_f64();
    let text = fs::read_to_string(&answers)?;
    let graded = text.lines().filter(|line| line.contains("\"grade\":")).count();
    ensure!(ended.success() && graded == sites as usize, "{graded} of {sites} sites have a grade");
    Ok((taken, most / 1024.0))
}

/// Returns the most memory that a process had, in KiB.
fn highest(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_mark_is_read() {
        for (status, kib) in [("VmPeak:\t9 kB\nVmHWM:\t  123 kB\n", Some(123.0)), ("State: Z\n", None)] {
            assert_eq!(highest(status), kib);
        }
    }
}
