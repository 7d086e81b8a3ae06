//! `bartizan waf`: rules over requests, tried out without a server.

mod bench;
mod cpu;
mod exchange;
mod lint;
mod test;

use std::path::PathBuf;
use std::sync::Arc;

use bartizan_waf::{Disk, RuleSet};
use clap::{Args, Subcommand};

use crate::exit_code::Outcome;
use crate::output;

/// `bartizan waf`.
#[derive(Debug, Subcommand)]
pub enum Waf {
    /// Judge requests, and say which rules matched
    Test(Test),
    /// Measure how long requests take
    Bench(Bench),
    /// Judge rule files
    Lint(Lint),
}

/// `bartizan waf test`.
#[derive(Debug, Args)]
#[command(after_help = TEST_EXAMPLES)]
pub struct Test {
    #[command(flatten)]
    rules: Rules,
    /// Read one case a line from standard input: {"id":…,"given":{method,uri,version,headers,body_b64,response}}.
    #[arg(long)]
    jsonl: bool,
    /// A raw HTTP request [default: standard input].
    #[arg(value_name = "FILE", conflicts_with = "jsonl")]
    request: Option<PathBuf>,
}

/// `bartizan waf bench`.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(flatten)]
    rules: Rules,
    /// Cases, one a line, in the form of `waf test --jsonl`.
    #[arg(long, value_name = "FILE")]
    cases: PathBuf,
    /// How long each case is run.
    #[arg(long, value_name = "N", default_value_t = 2)]
    seconds: u64,
}

/// `bartizan waf lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// A rule file, or a folder with files ending in .conf; may be given again.
    #[arg(long = "rules", value_name = "ENTRY", required = true)]
    entries: Vec<PathBuf>,
}

/// Which rules judge.
#[derive(Debug, Args)]
struct Rules {
    /// A rule file, or a folder with files ending in .conf; may be given again [default: the built-in baseline].
    #[arg(long = "rules", value_name = "ENTRY")]
    entries: Vec<PathBuf>,
}

/// Runs one of them.
pub(super) fn run(waf: &Waf) -> anyhow::Result<Outcome> {
    match waf {
        Waf::Test(test) => test::run(test),
        Waf::Bench(bench) => bench::run(bench),
        Waf::Lint(lint) => lint::run(lint),
    }
}

impl Rules {
    /// Loads the rules; shows what is wrong with them on standard error.
    fn load(&self) -> Result<Arc<RuleSet>, Outcome> {
        let loaded =
            if self.entries.is_empty() { bartizan_waf::baseline::rules() } else { RuleSet::load(&self.entries, &Disk) };
        loaded.map(Arc::new).map_err(|errors| {
            for error in &errors.0 {
                output::say(&visible(&error.to_string()));
            }
            Outcome::Problems
        })
    }
}

/// Text from outside with its control characters made visible.
fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|character| match character {
            _ if character.is_control() => character.escape_default().collect::<Vec<_>>(),
            _ => vec![character],
        })
        .collect()
}

const TEST_EXAMPLES: &str = "\
Examples:
  bartizan waf test --rules crs/ --jsonl < cases.jsonl
  printf 'GET /?q=<script> HTTP/1.1\\r\\nHost: app.example\\r\\n\\r\\n' | bartizan waf test";
