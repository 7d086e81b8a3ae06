//! `bartizan waf`: rules over requests, tried out without a server.

mod bench;
mod cpu;
mod exchange;
mod ftw;
mod lint;
mod review;
mod test;
mod update;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_proxy::config::WafMode;
use bartizan_waf::preset::{self, Source, Tuning};
use bartizan_waf::seclang::action::Switch;
use bartizan_waf::{Disk, LoadErrors, RuleSet};
use clap::{Args, Subcommand};
use url::Url;

use super::load_or_show;
use super::running::RunningWall;
use crate::cli::Format;
use crate::config::{Environment, Overrides};
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
    /// Run tests of go-ftw against a live server
    Ftw(Ftw),
    /// Sum up what a running wall's rules refuse, or would refuse
    Review(Review),
    /// Fetch a release of the Core Rule Set, check it, and take it into use
    Update(update::Update),
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
    /// Forget each time what is known of texts that were seen before: what a request costs of which nothing was seen.
    #[arg(long)]
    fresh: bool,
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

/// `bartizan waf ftw`.
#[derive(Debug, Args)]
pub struct Ftw {
    /// A folder with test files, or one file.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// The server, such as http://127.0.0.1:8080.
    #[arg(long, value_name = "URL")]
    url: Url,
}

/// `bartizan waf review`.
#[derive(Debug, Args)]
pub struct Review {
    #[command(flatten)]
    running: RunningWall,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Which rules judge.
#[derive(Debug, Args)]
struct Rules {
    /// A rule file, or a folder with files ending in .conf; may be given again [default: the built-in baseline].
    #[arg(long = "rules", value_name = "ENTRY")]
    entries: Vec<PathBuf>,
    /// The rules of the first site of a configuration file, as `serve` would run them.
    #[arg(long, value_name = "FILE", conflicts_with = "entries")]
    config: Option<PathBuf>,
}

pub(super) use review::request;

/// Runs one of them.
pub(super) fn run(waf: &Waf, environment: &Environment) -> anyhow::Result<Outcome> {
    match waf {
        Waf::Test(test) => test::run(test),
        Waf::Bench(bench) => bench::run(bench),
        Waf::Lint(lint) => lint::run(lint),
        Waf::Ftw(ftw) => ftw::run(ftw),
        Waf::Review(review) => review::review(&review.running, review.format),
        Waf::Update(update) => update::run(update, environment),
    }
}

impl Rules {
    /// Loads the rules; shows what is wrong with them on standard error.
    fn load(&self) -> Result<Arc<RuleSet>, Outcome> {
        let loaded = match (&self.config, &self.entries[..]) {
            (Some(config), _) => return Self::of_configuration(config),
            (None, []) => bartizan_waf::baseline::rules(),
            // A whole rule set, with its set-up beside the folder of its rules.
            (None, [folder]) if folder.join("rules").is_dir() => {
                let tuning = Tuning { engine: Switch::On, ..Tuning::default() };
                preset::load(&Source::Path(folder.clone()), &tuning, &Disk)
            }
            (None, entries) => RuleSet::load(entries, &Disk),
        };
        Self::show(loaded)
    }

    fn of_configuration(config: &Path) -> Result<Arc<RuleSet>, Outcome> {
        let loaded = load_or_show(Some(config), &Environment::of_process(), &Overrides::default())?;
        let plan = loaded.config.sites.first().and_then(|site| site.policy.waf.clone()).unwrap_or_default();
        let engine = match plan.mode {
            WafMode::Block => Switch::On,
            WafMode::Detect => Switch::Between,
            WafMode::Off => Switch::Off,
        };
        Self::show(preset::load(&plan.source, &Tuning { engine, ..plan.tuning }, &Disk))
    }

    fn show(loaded: Result<RuleSet, LoadErrors>) -> Result<Arc<RuleSet>, Outcome> {
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
