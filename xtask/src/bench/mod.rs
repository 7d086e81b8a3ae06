//! `cargo xtask bench NAME`: bartizan and its peers in turn at one job; what costs is CPU time, not luck.
//!
//! Not part of CI: a busy machine would fail a good change. Adding a bench: one folder, one line in `BENCHES`.

pub(crate) mod client;
pub(crate) mod upstream;

mod audit;
mod binary;
mod proxy;
mod reports;
mod rewrite;
mod row;
mod scan;
mod server;
mod table;
mod tls;
mod waf;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use crate::project::Project;
use row::Row;

/// What to measure, and how long.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The bench.
    #[arg(value_parser = BENCHES.iter().map(|bench| bench.name).collect::<Vec<_>>())]
    bench: String,
    /// Prints one JSON object a row on standard output; the table goes to standard error.
    #[arg(long)]
    json: bool,
    /// A finished bartizan; else one is built with `--profile dist`.
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
    /// Only these workloads, comma-separated; else all.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    workloads: Vec<String>,
    /// Runs of each, of which the median counts.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=50))]
    runs: Option<u8>,
    /// A quarter of the requests and one run: shows that it works, and roughly how fast.
    #[arg(long)]
    quick: bool,
}

impl Options {
    fn runs(&self) -> u8 {
        self.runs.unwrap_or(if self.quick { 1 } else { 5 })
    }

    /// So many of something, or a quarter of it in a quick run.
    fn count(&self, full: u32) -> u32 {
        if self.quick { full / 4 } else { full }
    }
}

/// One comparison.
struct Bench {
    name: &'static str,
    run: fn(&Project, &Options) -> Result<Report>,
}

static BENCHES: &[Bench] = &[
    Bench { name: "audit", run: audit::run },
    Bench { name: "proxy", run: proxy::run },
    Bench { name: "reports", run: reports::run },
    Bench { name: "rewrite", run: rewrite::run },
    Bench { name: "scan", run: scan::run },
    Bench { name: "waf", run: waf::run },
];

/// What a bench found.
#[derive(Debug, Default)]
struct Report {
    /// The contestant that the table takes ratios to.
    base: &'static str,
    rows: Vec<Row>,
    /// What one must know to read the table.
    notes: Vec<String>,
    /// What could not be measured; said loudly, and the exit code tells.
    failures: Vec<String>,
}

/// Runs one bench and prints its rows.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == options.bench) else {
        bail!("no bench is called {}", options.bench);
    };
    let report = (bench.run)(project, options)?;
    let table = table::render(&report.rows, report.base, &report.notes);
    if options.json {
        eprint!("{table}");
        for row in &report.rows {
            println!("{}", serde_json::to_string(row)?);
        }
    } else {
        print!("{table}");
    }
    if !report.failures.is_empty() {
        bail!("not all was measured: {}", report.failures.join("; "));
    }
    Ok(())
}
