//! The formats that are read, one folder each.

pub mod apache;
pub mod caddy;
pub mod compose;
mod deployment;
pub mod django;
pub mod dockerfile;
pub mod elixir;
pub mod environment;
pub(crate) mod glob;
pub mod key;
pub mod krakend;
pub mod nginx;
pub mod systemd;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bartizan_rules::facts::blocks::{Blocks, File};
use bartizan_rules::facts::{Apache, Nginx};
use bartizan_rules::{Facts, Place};

use crate::settings::Settings;
use crate::source::Source;
use crate::tree::{ReadError, Tree};

/// A format: which files are of it, and how they become facts.
#[derive(Debug)]
pub struct Format {
    /// Its name, for the operator.
    pub name: &'static str,
    /// Whether a file is of it, by its name and its text.
    pub claims: fn(&str, &str) -> Claim,
    /// Adds what a file says to the facts.
    pub read: Read,
}

/// Adds what a file says to the facts.
pub type Read = fn(&Tree, &Path, &Settings, &mut Facts) -> Result<Reading<()>, ReadError>;

/// Whether a file is of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// It is not.
    No,
    /// It is a part of something that another file includes.
    Part,
    /// It is read by itself.
    Whole,
}

/// Every format, in the order in which they are asked for a file.
pub static FORMATS: &[Format] = &[
    Format { name: "htaccess", claims: claims_htaccess, read: read_htaccess },
    Format { name: "nginx", claims: nginx::claims, read: read_nginx },
    Format { name: "apache", claims: apache::claims, read: read_apache },
    DJANGO,
    Format { name: "krakend", claims: deployment::claims_krakend, read: deployment::read_krakend },
    Format { name: "environment", claims: deployment::claims_environment, read: deployment::read_environment },
    Format { name: "compose", claims: deployment::claims_compose, read: deployment::read_compose },
    Format { name: "dockerfile", claims: deployment::claims_dockerfile, read: deployment::read_dockerfile },
    Format { name: "key", claims: deployment::claims_key, read: deployment::read_key },
    Format { name: "elixir", claims: deployment::claims_elixir, read: deployment::read_elixir },
    Format { name: "systemd", claims: claims_systemd, read: read_systemd },
];

const DJANGO: Format = Format { name: "django", claims: django::claims, read: django::read_project };

/// What a file is read as when a person names it and no format claims it.
pub(crate) fn by_ending(name: &str) -> Option<&'static Format> {
    let is_python = name.ends_with(".py");
    FORMATS.iter().find(|format| is_python && format.name == DJANGO.name)
}

/// Reads the text of a rule's example; nothing, for a format that is not read here.
pub fn example(format: bartizan_rules::Format, text: &str) -> Option<Facts> {
    use bartizan_rules::Format as Of;
    use bartizan_rules::facts::apache::Kind;
    let facts = Facts::default();
    Some(match format {
        Of::Nginx => facts.with_nginx(Nginx::new(nginx::read_text(text).value)),
        Of::Apache => facts.with_apache(Apache::new(apache::read_text(text).value, Kind::Server)),
        Of::Htaccess => facts.with_apache(Apache::new(apache::read_text(text).value, Kind::Htaccess)),
        _ => return None,
    })
}

fn claims_htaccess(name: &str, _: &str) -> Claim {
    if name == ".htaccess" { Claim::Whole } else { Claim::No }
}

fn read_nginx(tree: &Tree, path: &Path, _: &Settings, facts: &mut Facts) -> Result<Reading<()>, ReadError> {
    let reading = nginx::read(tree, path)?;
    Ok(reading.map(|blocks| *facts = std::mem::take(facts).with_nginx(Nginx::new(blocks))))
}

fn read_apache(tree: &Tree, path: &Path, _: &Settings, facts: &mut Facts) -> Result<Reading<()>, ReadError> {
    let reading = apache::read(tree, path)?;
    Ok(reading.map(|blocks| {
        *facts = std::mem::take(facts).with_apache(Apache::new(blocks, bartizan_rules::facts::apache::Kind::Server))
    }))
}

fn claims_systemd(name: &str, _: &str) -> Claim {
    if name.ends_with(".service") { Claim::Whole } else { Claim::No }
}

fn read_systemd(tree: &Tree, path: &Path, settings: &Settings, facts: &mut Facts) -> Result<Reading<()>, ReadError> {
    let reading = systemd::read(tree, path)?;
    Ok(reading.map(|mut unit| {
        unit.version = settings.systemd_version.unwrap_or(unit.version);
        *facts = std::mem::take(facts).with_systemd(unit);
    }))
}

fn read_htaccess(tree: &Tree, path: &Path, _: &Settings, facts: &mut Facts) -> Result<Reading<()>, ReadError> {
    let reading = apache::read(tree, path)?;
    Ok(reading.map(|blocks| {
        *facts = std::mem::take(facts).with_apache(Apache::new(blocks, bartizan_rules::facts::apache::Kind::Htaccess))
    }))
}

/// What was read, and what could not be.
#[derive(Debug)]
pub struct Reading<T> {
    /// What was read.
    pub value: T,
    /// What could not be, each with its place.
    pub problems: Vec<Problem>,
    /// The files that were read, by name, with their texts.
    pub sources: Vec<(Arc<str>, Arc<str>)>,
}

impl Reading<Blocks> {
    fn of(blocks: Blocks, problems: Vec<Problem>) -> Self {
        let sources = blocks.files().iter().map(|file| (Arc::clone(&file.path), Arc::clone(&file.text))).collect();
        Self { value: blocks, problems, sources }
    }
}

impl<T> Reading<T> {
    pub(crate) fn map<U>(self, follow: impl FnOnce(T) -> U) -> Reading<U> {
        Reading { value: follow(self.value), problems: self.problems, sources: self.sources }
    }
}

/// A part of a file that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub at: Place,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    fn new(span: Range<usize>, line: usize, message: impl Into<String>) -> Self {
        Self { at: Place { path: Arc::from(""), line, column: 1, span }, message: message.into() }
    }

    /// Says in which file it is.
    fn within(self, source: &Source) -> Self {
        Self { at: source.place(self.at.span), ..self }
    }

    fn at(self, file: &File) -> Self {
        Self { at: file.place(self.at.span), ..self }
    }
}
