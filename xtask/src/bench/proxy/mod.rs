//! `bench proxy`: nginx, haproxy and bartizan in turn at one job; CPU time a request, memory a connection.
//!
//! Each measurement has a fresh process on a core of its own, load and upstream on another. The contestants take
//! turns, so that a busy minute of the machine falls on all of them, and medians are compared.

mod config;
mod contestant;
mod load;
mod probe;
mod workload;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::thread;

use anyhow::{Context, Result, ensure};

use super::row::{Row, median, rounded};
use super::server::{LOAD_CORE, Server, pinned};
use super::{Options, Report, binary, table};
use crate::project::Project;
use contestant::{Contestant, Ground};
use load::{Counts, Target};
use workload::Workload;

/// One contestant at one job, and what the runs gave.
#[derive(Debug)]
struct Cell {
    workload: Workload,
    contestant: Contestant,
    values: Vec<f64>,
}

/// Measures everything that was asked for.
pub(super) fn run(project: &Project, options: &Options) -> Result<Report> {
    let workloads = Workload::choose(&options.workloads)?;
    let cores = thread::available_parallelism()?.get();
    ensure!(cores >= 2, "two cores are needed: one to measure, one to load");
    let client = binary::xtask(project)?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    contestant::prepare(folder.path())?;
    let (_upstream, address) = start_upstream(&client)?;
    let mut report = Report { base: table::BASE, ..Report::default() };
    let bartizan = binary::bartizan(project, options);
    if let Err(error) = &bartizan {
        fail(&mut report, Contestant::Bartizan, &format!("{error:#}"));
    }
    let ground = Ground { folder: folder.path(), upstream: address, bartizan: bartizan.as_deref().ok() };
    let mut cells = plan(&workloads, &able(ground, &mut report));
    for turn in 1..=options.runs() {
        for cell in &mut cells {
            let (workload, contestant) = (cell.workload, cell.contestant);
            eprint!("run {turn} of {}: {}, {}: ", options.runs(), workload.name(), contestant.name());
            let value = measure(workload, contestant, ground, &client, options)
                .with_context(|| format!("{} at {}", contestant.name(), workload.name()));
            match value {
                Ok(value) => {
                    eprintln!("{value:.2} {}", workload.unit());
                    cell.values.push(value);
                }
                Err(error) => report.failures.push(loudly(&format!("{error:#}"))),
            }
        }
    }
    report.rows = rows(&cells, &workloads);
    report
        .notes
        .push(format!("medians of {} run(s); CPU time of the proxy alone, one worker, one core", options.runs()));
    if workloads.contains(&Workload::HandshakePq) {
        let note = "handshake pq: bartizan with X25519MLKEM768 against nginx's classical handshake; as packaged nginx and \
                    haproxy cannot exchange keys so";
        report.notes.push(note.to_owned());
    }
    Ok(report)
}

/// Returns the contestants that start and do the job; the others are named loudly and left out.
fn able(ground: Ground<'_>, report: &mut Report) -> Vec<Contestant> {
    let certificate = ground.folder.join("chain.pem");
    let mut able = Vec::new();
    for contestant in Contestant::ALL {
        if contestant == Contestant::Bartizan && ground.bartizan.is_none() {
            continue;
        }
        let probed = contestant.start(ground).and_then(|(server, address)| {
            let undone = probe::check(address, &certificate)?;
            drop(server);
            Ok(undone)
        });
        match probed {
            Ok(undone) => {
                able.push(contestant);
                if !undone.is_empty() {
                    report.notes.push(loudly(&format!("{} does less: {}", contestant.name(), undone.join(", "))));
                }
            }
            Err(error) => fail(report, contestant, &format!("{error:#}")),
        }
    }
    able
}

/// Each job's contestants stand side by side, so that they take turns.
fn plan(workloads: &[Workload], able: &[Contestant]) -> Vec<Cell> {
    let is_needed = |workload: Workload, contestant: Contestant| {
        // A job may be compared with the peer's value at another, which is then measured, too.
        let is_base = contestant.name() == table::BASE && workloads.iter().any(|chosen| chosen.base() == workload);
        contestant.can(workload) && (workloads.contains(&workload) || is_base)
    };
    let pairs = Workload::ALL.into_iter().flat_map(|workload| able.iter().map(move |it| (workload, *it)));
    pairs
        .filter(|(workload, contestant)| is_needed(*workload, *contestant))
        .map(|(workload, contestant)| Cell { workload, contestant, values: Vec::new() })
        .collect()
}

fn measure(
    workload: Workload,
    contestant: Contestant,
    ground: Ground<'_>,
    client: &Path,
    options: &Options,
) -> Result<f64> {
    let (server, address) = contestant.start(ground)?;
    let certificate = ground.folder.join("chain.pem");
    let counts = Counts {
        requests: options.count(workload.requests().map_or(0, |requests| requests.count)),
        handshakes: options.count(5_000),
        // Never fewer: what a thousand need is the question.
        connections: 1_000,
    };
    Target { server: &server, address, certificate: &certificate, client }.measure(workload, counts)
}

/// Starts the app behind the proxies and returns where it listens.
fn start_upstream(program: &Path) -> Result<(Server, SocketAddr)> {
    let mut command = pinned(LOAD_CORE, program);
    let mut child = command.arg("bench-upstream").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let pipe = child.stdout.take().context("no pipe")?;
    let server = Server::from(child);
    let mut line = String::new();
    BufReader::new(pipe).read_line(&mut line)?;
    Ok((server, line.trim().parse().context("the upstream does not start")?))
}

fn rows(cells: &[Cell], workloads: &[Workload]) -> Vec<Row> {
    let value = |workload: Workload, name: &str| {
        let cell = cells.iter().find(|cell| cell.workload == workload && cell.contestant.name() == name)?;
        median(&cell.values)
    };
    let row = |cell: &Cell| {
        let median = median(&cell.values)?;
        let is_ours = cell.contestant == Contestant::Bartizan;
        let peer = value(cell.workload.base(), table::BASE).filter(|_| is_ours);
        Some(Row {
            workload: cell.workload.name(),
            contestant: cell.contestant.name(),
            value: rounded(median),
            unit: cell.workload.unit(),
            peer: peer.map(|_| table::BASE),
            ratio: peer.map(|peer| rounded(median / peer)),
        })
    };
    let is_shown =
        |cell: &&Cell| workloads.iter().any(|chosen| *chosen == cell.workload || chosen.base() == cell.workload);
    cells.iter().filter(is_shown).filter_map(row).collect()
}

fn fail(report: &mut Report, contestant: Contestant, why: &str) {
    report.failures.push(loudly(&format!("{} IS LEFT OUT: {why}", contestant.name())));
}

fn loudly(text: &str) -> String {
    eprintln!("\n!!! {text}\n");
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(workloads: &[Workload], able: &[Contestant]) -> Vec<(Workload, Contestant)> {
        plan(workloads, able).iter().map(|cell| (cell.workload, cell.contestant)).collect()
    }

    #[test]
    fn contestants_take_turns_and_the_base_is_always_there() {
        use Contestant::{Bartizan, Haproxy, Nginx};
        use Workload::{Handshake, HandshakePq, Idle};
        for (workloads, able, cells) in [
            (vec![Idle], vec![Nginx, Haproxy], vec![(Idle, Nginx), (Idle, Haproxy)]),
            (vec![HandshakePq], vec![Nginx, Haproxy, Bartizan], vec![(Handshake, Nginx), (HandshakePq, Bartizan)]),
            (vec![HandshakePq], vec![Bartizan], vec![(HandshakePq, Bartizan)]),
            (vec![], vec![Nginx], vec![]),
        ] {
            assert_eq!(planned(&workloads, &able), cells, "{workloads:?}");
        }
    }

    #[test]
    fn only_our_rows_name_a_peer() {
        let cell = |workload, contestant, values: &[f64]| Cell { workload, contestant, values: values.to_vec() };
        let cells = [
            cell(Workload::Handshake, Contestant::Nginx, &[400.0, 300.0, 500.0]),
            cell(Workload::Handshake, Contestant::Haproxy, &[440.0]),
            cell(Workload::HandshakePq, Contestant::Bartizan, &[240.0]),
            cell(Workload::Idle, Contestant::Bartizan, &[30.0]),
            cell(Workload::Idle, Contestant::Nginx, &[]), // every run failed
        ];
        let rows = rows(&cells, &[Workload::HandshakePq, Workload::Idle]);
        let told: Vec<_> =
            rows.iter().map(|row| (row.workload, row.contestant, row.value, row.peer, row.ratio)).collect();
        assert_eq!(
            told,
            [
                ("handshake", "nginx", 400.0, None, None),
                ("handshake", "haproxy", 440.0, None, None),
                ("handshake pq", "bartizan", 240.0, Some("nginx"), Some(0.6)),
                ("idle", "bartizan", 30.0, None, None),
            ]
        );
    }
}
