//! `bench audit`: bartizan and its peers read the same files; wall time of a whole run, start included.
//!
//! The contestants take turns, so that a busy minute of the machine falls on all of them, and medians are compared.

mod django;
mod nginx;

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::row::{Row, median, rounded};
use super::{Options, Report, binary};
use crate::project::Project;

/// One job: the files, and who reads them.
struct Workload {
    name: &'static str,
    /// The peer, by its name and by what it is called with after the folder is made.
    peer: &'static str,
    /// Writes the files into a folder; returns how many.
    prepare: fn(&Path, &Options) -> Result<u32>,
    /// The peer's command for the folder; an error says how to install it.
    command: fn(&Project, &Path) -> Result<Command>,
}

static WORKLOADS: &[Workload] = &[nginx::WORKLOAD];

/// Measures everything that was asked for.
pub(super) fn run(project: &Project, options: &Options) -> Result<Report> {
    let is_wanted = |workload: &&Workload| {
        options.workloads.is_empty() || options.workloads.iter().any(|name| name == workload.name)
    };
    let workloads: Vec<_> = WORKLOADS.iter().filter(is_wanted).collect();
    let wants_django = options.workloads.is_empty() || options.workloads.iter().any(|name| name == "django");
    if workloads.is_empty() && !wants_django {
        bail!("no such workload");
    }
    let bartizan = binary::bartizan(project, options)?;
    let mut report = Report::default();
    if wants_django {
        match django::run(project, options, &bartizan) {
            Ok(found) => {
                report.rows.extend(found.rows);
                report.notes.extend(found.notes);
            }
            Err(error) => report.failures.push(format!("django: {error:#}")),
        }
    }
    for workload in workloads {
        if let Err(error) = measure(project, options, workload, &bartizan, &mut report) {
            report.failures.push(format!("{}: {error:#}", workload.name));
        }
    }
    Ok(report)
}

fn measure(
    project: &Project,
    options: &Options,
    workload: &Workload,
    bartizan: &Path,
    report: &mut Report,
) -> Result<()> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let count = (workload.prepare)(folder.path(), options)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for turn in 1..=options.runs() {
        eprintln!("run {turn} of {}: {}", options.runs(), workload.name);
        let mut audit = Command::new(bartizan);
        ours.push(seconds(audit.args(["audit", "--format", "json", "--fail-on", "never"]).arg(folder.path()))?);
        theirs.push(seconds(&mut (workload.command)(project, folder.path())?)?);
    }
    let (Some(ours), Some(theirs)) = (median(&ours), median(&theirs)) else { bail!("nothing was measured") };
    let row = |contestant, value, peer, ratio| Row {
        workload: workload.name,
        contestant,
        value: rounded(value),
        unit: "s",
        peer,
        ratio,
    };
    report.rows.push(row("bartizan", ours, Some(workload.peer), Some(rounded(ours / theirs))));
    report.rows.push(row(workload.peer, theirs, None, None));
    report.notes.push(format!("{}: {count} files in one run each; {:.0} times as fast", workload.name, theirs / ours));
    Ok(())
}

/// How long a command takes; what it finds is read and not kept, but it has to find something.
fn seconds(command: &mut Command) -> Result<f64> {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run {command:?}"))?;
    let mut found = 0;
    if let Some(mut stdout) = child.stdout.take() {
        let mut buffer = vec![0; 64 << 10];
        while let count @ 1.. = stdout.read(&mut buffer).context("cannot read what is found")? {
            found += count;
        }
    }
    child.wait().with_context(|| format!("{command:?} did not end"))?;
    let took = start.elapsed().as_secs_f64();
    if found < 1_000 {
        bail!("{command:?} found nothing");
    }
    Ok(took)
}
