//! `bartizan reports export`: everything about groups, for other programs and for `import`.

use std::io::Write as _;

use bartizan_reports::store::Order;
use clap::{Args, ValueEnum};

use super::StoreFile;
use super::filter::{COLUMNS, Which, as_csv, as_json, harmless};
use crate::config::Environment;
use crate::exit_code::Outcome;

/// `bartizan reports export`.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    store: StoreFile,
    #[command(flatten)]
    which: Which,
    /// The form: JSON lines with pages and samples, or CSV without.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// One JSON object a line, with pages and samples.
    #[default]
    #[value(alias = "json")]
    Jsonl,
    /// For spreadsheets; no field can become a formula.
    Csv,
}

pub(super) fn run(export: &Export, environment: &Environment) -> anyhow::Result<Outcome> {
    let mut store = export.store.open(environment)?;
    let groups = store.groups(&export.which.filter(Order::FirstSeen, 0))?;
    let mut out = std::io::BufWriter::new(anstream::stdout());
    if export.format == Form::Csv {
        writeln!(out, "{COLUMNS}")?;
    }
    for group in &groups {
        if export.format == Form::Csv {
            writeln!(out, "{}", as_csv(group))?;
            continue;
        }
        let (pages, samples) = super::show::details(&mut *store, group)?;
        let mut json = as_json(group);
        if let Some(object) = json.as_object_mut() {
            object.insert("pages".to_owned(), pages);
            object.insert("samples".to_owned(), samples);
        }
        writeln!(out, "{}", harmless(&json))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}
