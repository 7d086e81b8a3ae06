//! `bartizan reports import`: reports of other collectors, or of an export, taken over.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use bartizan_reports::address::Queries;
use bartizan_reports::collector::now;
use bartizan_reports::import::{Importer, Old, instant};
use bartizan_reports::noise::Class;
use bartizan_reports::sketch::Sketch;
use bartizan_reports::store::{Batch, GroupDelta, Sample};
use bartizan_reports::subject::Subject;
use clap::Args;
use serde_json::Value;

use super::StoreFile;
use crate::config::Environment;
use crate::exit_code::Outcome;
use crate::output::say;

/// `bartizan reports import`.
#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct Import {
    /// What to take over.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    store: StoreFile,
    /// The site of reports that name none.
    #[arg(long, value_name = "SITE", default_value = bartizan_reports::rules::NO_NAME)]
    site: String,
    /// Keep queries, as the other collector did.
    #[arg(long)]
    keep_queries: bool,
}

pub(super) fn run(import: &Import, environment: &Environment) -> anyhow::Result<Outcome> {
    let mut store = super::open_store(&import.store.place(environment))?;
    let queries = if import.keep_queries { Queries::Keep } else { Queries::Drop };
    let mut importer = Importer::new(&mut *store, queries)?;
    let name = import.file.display();
    let mut file = File::open(&import.file).with_context(|| format!("cannot read {name}"))?;
    let mut start = [0; DATABASE.len()];
    let is_database = file.read_exact(&mut start).is_ok() && start == *DATABASE;
    if is_database {
        importer.add_database(&import.file, &import.site).with_context(|| format!("cannot take over {name}"))?;
    } else {
        let file = File::open(&import.file).with_context(|| format!("cannot read {name}"))?;
        for line in BufReader::new(file).split(b'\n') {
            let line = line.with_context(|| format!("cannot read {name}"))?;
            if !line.iter().all(u8::is_ascii_whitespace) {
                add_line(&mut importer, &line, &import.site)?;
            }
        }
    }
    let done = importer.finish()?;
    say(&format!("{} reports are taken over, {} rows or lines held none", done.reports, done.unusable));
    Ok(if done.reports == 0 && done.unusable > 0 { Outcome::Problems } else { Outcome::Fine })
}

/// Adds a group of our own export, or a body as a browser sends it.
fn add_line(importer: &mut Importer<'_>, line: &[u8], site: &str) -> anyhow::Result<()> {
    let value: Option<Value> = serde_json::from_slice(line).ok();
    if let Some(batch) = value.as_ref().and_then(exported) {
        return Ok(importer.add_batch(&batch)?);
    }
    let text = |name: &str| value.as_ref().and_then(|value| value.get(name)?.as_str());
    let received = text("received").and_then(instant).unwrap_or_else(now);
    let (site, policy) = (text("site").unwrap_or(site), text("policy").unwrap_or_default());
    let old = Old { site, policy, received, user_agent: text("user_agent").unwrap_or_default(), body: line };
    Ok(importer.add(old)?)
}

/// Reads a line of `export`. Who sent the reports is not in it, so that clients begin at none.
fn exported(value: &Value) -> Option<Batch> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let own = |name: &str| Cow::Owned(text(name).unwrap_or_default().to_owned());
    text("group")?;
    let (site, policy) = (text("site")?, text("policy").unwrap_or_default());
    let subject = Subject {
        kind: Cow::Owned(text("kind")?.to_owned()),
        what: own("what"),
        target: own("target"),
        source: own("source"),
        disposition: own("disposition"),
        noise: text("noise").and_then(Class::of),
    };
    // Made anew, so that no line can name a group that is not its own.
    let id = subject.fingerprint(site, policy);
    let list = |name: &str| value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let pages = list("pages")
        .iter()
        .filter_map(|page| Some((Arc::from(page.get("page")?.as_str()?), page.get("count")?.as_u64()?)));
    let samples = list("samples").iter().filter_map(|sample| {
        let text = |name: &str| sample.get(name).and_then(Value::as_str);
        Some(Sample {
            group: id,
            received: instant(text("received")?)?,
            age: sample.get("age").and_then(Value::as_u64),
            url: text("url")?.to_owned(),
            user_agent: text("user_agent").unwrap_or_default().to_owned(),
            body: sample.get("body")?.to_string(),
        })
    });
    let last_seen = instant(text("last_seen")?)?;
    let delta = GroupDelta {
        id,
        site: site.into(),
        policy: policy.into(),
        subject: Arc::new(subject),
        count: value.get("count")?.as_u64()?,
        first_seen: instant(text("first_seen")?)?,
        last_seen,
        clients: Sketch::default(),
        pages: pages.collect(),
    };
    Some(Batch { at: last_seen, groups: vec![delta], samples: samples.collect(), sites: Vec::new() })
}

/// How every SQLite file begins.
const DATABASE: &[u8; 16] = b"SQLite format 3\0";

const FORMS: &str = "\
The file is one of: an SQLite database of Django Lookout (table lookout_report) or of \
django-csp-reports (table cspreports_cspreport); JSON lines as `bartizan reports export` writes \
them; or one body a line as browsers send them, with site, policy, received and user_agent where known.";
