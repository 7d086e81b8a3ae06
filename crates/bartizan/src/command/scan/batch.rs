//! Sites from a file: a line in, a line out, in the same order.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use bartizan_rules::observatory::PreloadList;
use bartizan_scan::{Client, Override, Part, Plan, Resolver, Target, Trust, tls};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use super::args::Scan;
use super::judged::judged;
use super::progress::Progress;
use super::{certificates, grade};
use crate::exit_code::Outcome;
use crate::output::findings::json::brief;

/// A line of the file.
#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    id: Value,
    url: String,
    #[serde(default)]
    resolve: Vec<String>,
    cacert: Option<PathBuf>,
}

/// What differs from row to row, made once for each authority.
struct Trusted {
    trust: Trust,
    plan: Arc<Plan>,
}

pub(super) async fn run(asked: &Scan, file: &Path, preloaded: &PreloadList) -> anyhow::Result<Outcome> {
    let mut lines = open(file)?.lines();
    let preloaded = Arc::new(preloaded.clone());
    let mut trusted: HashMap<Option<PathBuf>, Trusted> = HashMap::new();
    let progress = Progress::new(None);
    let mut out = std::io::stdout().lock();
    let mut looking = JoinSet::new();
    let mut finished: BTreeMap<usize, Value> = BTreeMap::new();
    let (mut next_in, mut next_out) = (0, 0);
    let mut is_open = true;
    loop {
        // Rows are read as places become free, and never far ahead of what is written.
        while is_open && looking.len() < usize::from(asked.jobs) && next_in < next_out + AHEAD {
            let Some(line) = lines.next() else {
                is_open = false;
                break;
            };
            let line = line.with_context(|| format!("cannot read {}", file.display()))?;
            if line.trim().is_empty() {
                continue;
            }
            let at = next_in;
            next_in += 1;
            match prepare(&line, asked, &mut trusted) {
                Err(row) => drop(finished.insert(at, row)),
                Ok((id, client, target, plan)) => {
                    let preloaded = Arc::clone(&preloaded);
                    looking.spawn(async move {
                        let value = Box::pin(look(&id, &client, &target, &plan, &preloaded)).await;
                        (at, target, value)
                    });
                }
            }
        }
        while let Some(row) = finished.remove(&next_out) {
            writeln!(out, "{row}")?;
            next_out += 1;
        }
        match looking.join_next().await {
            Some(done) => {
                let (at, target, value) = done?;
                progress.done(&target.to_string());
                finished.insert(at, value);
            }
            None if is_open => {}
            None if finished.is_empty() => break,
            None => {}
        }
    }
    progress.clear();
    out.flush()?;
    Ok(Outcome::Fine)
}

/// How many rows may wait for a slow one before them.
const AHEAD: usize = 4096;

fn open(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let opened = std::fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Box::new(BufReader::new(opened)))
}

type Prepared = (Value, Client, Target, Arc<Plan>);

/// Makes a row ready; a row that cannot be read is answered with a row that says so.
fn prepare(line: &str, asked: &Scan, trusted: &mut HashMap<Option<PathBuf>, Trusted>) -> Result<Prepared, Value> {
    let row: Row = serde_json::from_str(line).map_err(|error| {
        let id = serde_json::from_str::<Value>(line).map(|value| value["id"].clone()).unwrap_or_default();
        json!({ "id": id, "error": error.to_string() })
    })?;
    let fault = |error: String| json!({ "id": row.id, "error": error });
    let target: Target = row.url.parse().map_err(|error| fault(format!("{error}")))?;
    let overrides: Result<Vec<Override>, _> = row.resolve.iter().map(|text| text.parse()).collect();
    let mut overrides = overrides.map_err(|error| fault(format!("{error}")))?;
    overrides.extend(asked.resolve.iter().cloned());
    let cacert = row.cacert.or_else(|| asked.cacert.clone());
    if !trusted.contains_key(&cacert) {
        let made = trust(asked, cacert.as_deref()).map_err(|error| fault(format!("{error:#}")))?;
        trusted.insert(cacert.clone(), made);
    }
    let Some(Trusted { trust, plan }) = trusted.get(&cacert) else { return Err(fault("no authorities".to_owned())) };
    let mut plan = Arc::clone(plan);
    if !overrides.is_empty() && plan.tls.dns.is_some() {
        let mut quiet = (*plan).clone();
        quiet.tls.dns = None;
        plan = Arc::new(quiet);
    }
    let client = Client { resolver: Resolver::new(overrides), trust: trust.clone(), patience: asked.timeout };
    Ok((row.id, client, target, plan))
}

fn trust(asked: &Scan, cacert: Option<&Path>) -> anyhow::Result<Trusted> {
    let authorities = cacert.map(certificates::read).transpose()?.unwrap_or_default();
    let trust = if asked.insecure { Trust::dangerous_everybody() } else { Trust::new(&authorities) };
    Ok(Trusted { trust, plan: Arc::new(asked.plan(tls::Authorities::default().with_named(authorities))) })
}

async fn look(id: &Value, client: &Client, target: &Target, plan: &Plan, preloaded: &PreloadList) -> Value {
    let judged = judged(client, target, plan, preloaded).await;
    let mut row = Map::new();
    row.insert("id".to_owned(), id.clone());
    if let Some(graded) = &judged.observatory {
        row.insert("observatory".to_owned(), grade::json(graded, plan.algorithm));
    }
    if plan.parts.contains(&Part::Findings) {
        row.insert("findings".to_owned(), judged.findings.iter().map(brief).collect());
    }
    if plan.parts.contains(&Part::Tls) {
        row.insert("tls".to_owned(), json!(judged.tls));
    }
    if !judged.unseen.is_empty() {
        row.insert("unseen".to_owned(), json!(judged.unseen));
    }
    Value::Object(row)
}
