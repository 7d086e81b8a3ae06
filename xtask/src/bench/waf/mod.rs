//! `bench waf`: libmodsecurity and bartizan in turn, the same rules before the same requests; what a request costs.
//!
//! Neither speaks to a network: libmodsecurity runs in Python through its C API, bartizan as `waf bench`. The time is that
//! of the one thread that judges.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

mod stack;
mod wall;

use super::row::{Row, median, rounded};
use super::server::pinned;
use super::{Options, Report, binary};
use crate::process;
use crate::project::Project;
use crate::setup;

/// The peer all ratios are taken to.
const PEER: &str = "libmodsecurity";
const OURS: &str = "bartizan";
/// The same where no text of the request was ever seen before: clients repeat themselves, and we profit from it.
const FRESH: &str = "bartizan, first sight";
/// In the running wall, the firewall's share of it, and before a real app.
const WALL: &str = "wall_small_get";
/// The core that judges; the other is left to the rest of the machine.
const CORE: usize = 0;
/// The requests of the corpus.
const CONTESTANTS: [&str; 3] = [PEER, OURS, FRESH];
const WORKLOADS: [&str; 5] = ["small_get", "get_10_params", "post_form_2k", "post_json_10k", "upload_1m"];

/// The values of one contestant at one workload.
struct Cell {
    workload: &'static str,
    contestant: &'static str,
    values: Vec<f64>,
}

/// Measures everything that was asked for.
pub(super) fn run(project: &Project, options: &Options) -> Result<Report> {
    let corpus = corpus(project)?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let entry = folder.path().join("entry.conf");
    std::fs::write(&entry, rules(&corpus))?;
    let driver = folder.path().join("waf.py");
    std::fs::write(&driver, include_str!("peer.py"))?;
    let cases = corpus.join("bench.jsonl");
    // Five requests, three contestants, five runs: a minute for each second.
    let seconds = if options.quick { "1" } else { "3" };

    let bartizan = binary::bartizan(project, options)?;
    let command = |contestant: &str| {
        if contestant == PEER {
            let mut command = pinned(CORE, &setup::programs(project).join("python"));
            command.arg(&driver).arg(&entry).arg(&cases).arg(seconds);
            return command;
        }
        let mut command = pinned(CORE, &bartizan);
        command.args(["waf", "bench", "--seconds", seconds, "--rules"]).arg(&entry).arg("--cases").arg(&cases);
        if contestant == FRESH {
            command.arg("--fresh");
        }
        command
    };
    let mut report = Report { base: PEER, ..Report::default() };
    let mut cells: Vec<Cell> = Vec::new();
    let wanted = |workload: &str| options.workloads.is_empty() || options.workloads.iter().any(|name| name == workload);
    let turns = if WORKLOADS.into_iter().any(wanted) { options.runs() } else { 0 };
    for turn in 1..=turns {
        for contestant in CONTESTANTS {
            eprintln!("run {turn} of {}: {contestant}", options.runs());
            match measure(&mut command(contestant)) {
                Ok(values) => cells.extend(values.into_iter().map(|(workload, value)| Cell {
                    workload,
                    contestant,
                    values: vec![value],
                })),
                Err(error) => {
                    let failure = format!("{contestant}: {error:#}");
                    eprintln!("\n!!! {failure}\n");
                    report.failures.push(failure);
                }
            }
        }
    }
    for workload in WORKLOADS.into_iter().filter(|workload| wanted(workload)) {
        let of = |contestant: &str| {
            let cells = cells.iter().filter(|cell| cell.workload == workload && cell.contestant == contestant);
            median(&cells.flat_map(|cell| cell.values.iter().copied()).collect::<Vec<_>>())
        };
        let peer = of(PEER);
        for contestant in CONTESTANTS {
            let Some(value) = of(contestant) else { continue };
            let ratio = peer.filter(|_| contestant != PEER).map(|peer| rounded(value / peer));
            let named = (contestant != PEER).then_some(PEER);
            report.rows.push(Row {
                workload,
                contestant,
                value: rounded(value),
                unit: "µs/transaction",
                peer: named,
                ratio,
            });
        }
    }
    if wanted(WALL) {
        match in_the_wall(&bartizan, &corpus, &cases, folder.path(), options) {
            Ok(rows) => report.rows.extend(rows),
            Err(error) => report.failures.push(format!("{WALL}: {error:#}")),
        }
    }
    if wanted(stack::WORKLOAD) {
        match stack::measure(project, &bartizan, folder.path(), options) {
            Ok((rows, notes)) => {
                report.rows.extend(rows);
                report.notes.extend(notes);
            }
            Err(error) => report.failures.push(format!("{}: {error:#}", stack::WORKLOAD)),
        }
    }
    report
        .notes
        .push(format!("medians of {} run(s); CPU time, one core, paranoia level 1, phases 1 to 5", options.runs()));
    Ok(report)
}

/// The processor time of the wall for the smallest request, without the firewall and with it.
fn in_the_wall(bartizan: &Path, corpus: &Path, cases: &Path, folder: &Path, options: &Options) -> Result<Vec<Row>> {
    let rules = folder.join("crs");
    std::fs::create_dir_all(&rules)?;
    for name in ["rules", "crs-setup.conf.example", "unicode.mapping"] {
        std::os::unix::fs::symlink(corpus.join(name), rules.join(name))?;
    }
    let (mut off, mut on) = (Vec::new(), Vec::new());
    for turn in 1..=options.runs() {
        eprintln!("run {turn} of {}: {WALL}", options.runs());
        let (without, with) = wall::measure(bartizan, &rules, cases, folder, options.count(20_000))?;
        off.push(without);
        on.push(with);
    }
    let row = |contestant, values: &[f64]| {
        let value = rounded(median(values)?);
        Some(Row { workload: WALL, contestant, value, unit: "µs/request", peer: None, ratio: None })
    };
    let more: Vec<f64> = on.iter().zip(&off).map(|(on, off)| on - off).collect();
    let rows = [row("waf off", &off), row("waf on", &on), row("the waf alone", &more)];
    Ok(rows.into_iter().flatten().collect())
}

/// Runs one contestant and reads a name and a value from each line.
fn measure(command: &mut Command) -> Result<Vec<(&'static str, f64)>> {
    let shown = process::show(command);
    let output = command.output().with_context(|| format!("cannot run {shown}"))?;
    ensure!(output.status.success(), "`{shown}` failed: {}", String::from_utf8_lossy(&output.stderr));
    let values: Vec<(&str, f64)> = String::from_utf8_lossy(&output.stdout).lines().filter_map(value).collect();
    ensure!(values.len() == WORKLOADS.len(), "{} values, not {}", values.len(), WORKLOADS.len());
    Ok(values)
}

fn value(line: &str) -> Option<(&'static str, f64)> {
    let mut words = line.split_whitespace();
    let name = words.next()?;
    let workload = WORKLOADS.into_iter().find(|workload| *workload == name)?;
    Some((workload, words.next()?.parse().ok()?))
}

fn corpus(project: &Project) -> Result<PathBuf> {
    let shared = std::env::var_os("BARTIZAN_SHARED").map_or_else(|| project.root.join("../shared"), PathBuf::from);
    let corpus = std::fs::canonicalize(shared.join("corpus/crs"))
        .with_context(|| format!("the rules are missing: {}", shared.display()))?;
    Ok(corpus)
}

/// The Core Rule Set as it blocks at paranoia level 1, for both.
fn rules(corpus: &Path) -> String {
    let corpus = corpus.display();
    format!(
        r#"SecRuleEngine On
SecRequestBodyAccess On
SecRule REQUEST_HEADERS:Content-Type "^(?:application(?:/soap\+|/)|text/)xml" "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRequestBodyLimit 13107200
SecResponseBodyAccess Off
SecUnicodeMapFile {corpus}/unicode.mapping 20127
Include {corpus}/crs-setup.conf.example
Include {corpus}/rules/*.conf
"#
    )
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn lines_of_both_contestants_are_read() {
        for (line, expected) in [
            ("small_get 1454.25", Some(("small_get", 1454.25))),
            ("upload_1m                        123.4 µs of CPU per transaction", Some(("upload_1m", 123.4))),
            ("something else", None),
            ("small_get", None),
        ] {
            assert_eq!(value(line), expected, "{line}");
        }
    }
}
