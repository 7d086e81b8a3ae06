//! `bartizan reports show`: one group, with its pages and samples.

use std::io::Write as _;

use bartizan_reports::store::{Filter, Group, Store};
use clap::Args;
use serde_json::{Value, json};

use super::StoreFile;
use super::filter::{as_json, harmless_lines, written};
use crate::cli::Format;
use crate::config::Environment;
use crate::exit_code::Outcome;
use crate::output::visible::visible;
use crate::output::{DIM, HEADING, hint};

/// `bartizan reports show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The group's id, or the beginning of it.
    #[arg(value_name = "GROUP")]
    group: String,
    #[command(flatten)]
    store: StoreFile,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(show: &Show, environment: &Environment) -> anyhow::Result<Outcome> {
    let mut store = show.store.open(environment)?;
    let mut found = match show.group.parse() {
        Ok(id) => store.group(id)?.into_iter().collect(),
        Err(_) => store.groups(&Filter::default())?,
    };
    found.retain(|group| group.id.to_string().starts_with(&show.group.to_ascii_lowercase()));
    let [group] = found.as_slice() else {
        let what = if found.is_empty() { "no group begins with it" } else { "several groups begin with it" };
        hint(&format!("{}: {what}", visible(&show.group)));
        return Ok(Outcome::Problems);
    };
    let (pages, samples) = details(&mut *store, group)?;
    let mut out = anstream::stdout();
    if show.format == Format::Json {
        let mut json = as_json(group);
        if let Some(object) = json.as_object_mut() {
            object.insert("pages".to_owned(), pages);
            object.insert("samples".to_owned(), samples);
        }
        writeln!(out, "{}", harmless_lines(&json))?;
        return Ok(Outcome::Fine);
    }
    writeln!(out, "{}", super::list::line(group, false))?;
    writeln!(out, "\n{HEADING}Pages{HEADING:#}")?;
    for page in pages.as_array().into_iter().flatten() {
        writeln!(out, "{:>9}  {}", page["count"], visible(page["page"].as_str().unwrap_or_default()))?;
    }
    writeln!(out, "\n{HEADING}Samples{HEADING:#}")?;
    for sample in samples.as_array().into_iter().flatten() {
        let text = |name: &str| visible(sample[name].as_str().unwrap_or_default()).into_owned();
        writeln!(out, "{DIM}{}  {}{DIM:#}\n{}", text("received"), text("user_agent"), text("url"))?;
        writeln!(out, "{}\n", harmless_lines(&sample["body"]))?;
    }
    Ok(Outcome::Fine)
}

/// Returns pages and samples of a group as JSON.
pub(super) fn details(store: &mut dyn Store, group: &Group) -> anyhow::Result<(Value, Value)> {
    let pages =
        store.pages(group.id)?.into_iter().map(|page| json!({"page": page.page, "count": page.count})).collect();
    let samples = store.samples(group.id)?.into_iter().map(|stored| {
        let sample = stored.sample;
        json!({
            "received": written(sample.received),
            "age": sample.age,
            "url": sample.url,
            "user_agent": sample.user_agent,
            "body": serde_json::from_str::<Value>(&sample.body).unwrap_or(Value::Null),
        })
    });
    Ok((pages, samples.collect()))
}
