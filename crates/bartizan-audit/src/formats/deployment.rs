//! Formats of one file each: which files are of them, and how they become facts.

use std::path::Path;
use std::sync::Arc;

use bartizan_rules::Facts;

use super::{Claim, Problem, Reading, compose, dockerfile, elixir, environment, key, krakend};
use crate::settings::Settings;
use crate::source::Source;
use crate::tree::{ReadError, Tree};

type Read = Result<Reading<()>, ReadError>;

/// A configuration of `KrakenD` is JSON with its schema, or with endpoints and what is configured for them.
pub(super) fn claims_krakend(name: &str, text: &str) -> Claim {
    let has_parts = || text.contains("\"endpoints\"") && text.contains("\"extra_config\"");
    let is_json = name.ends_with(".json");
    if is_json && (name.starts_with("krakend") || text.contains("krakend.io/schema") || has_parts()) {
        Claim::Whole
    } else {
        Claim::No
    }
}

pub(super) fn read_krakend(tree: &Tree, path: &Path, _: &Settings, facts: &mut Facts) -> Read {
    let source = tree.read(path)?;
    let mut reading = of(&source);
    match krakend::read(&source) {
        Ok(krakend) => *facts = std::mem::take(facts).with_krakend(krakend),
        Err(error) => reading.problems.push(Problem { at: error.at, message: error.message.to_owned() }),
    }
    Ok(reading)
}

/// Files of variables are called `.env`, with something before or after it; examples for others are not deployed.
pub(super) fn claims_environment(name: &str, text: &str) -> Claim {
    let is_named = name.starts_with(".env") || name.ends_with(".env");
    let is_example = || ["example", "sample", "template"].iter().any(|word| name.contains(word));
    if is_named && !is_example() && text.contains('=') { Claim::Whole } else { Claim::No }
}

pub(super) fn read_environment(tree: &Tree, path: &Path, _: &Settings, facts: &mut Facts) -> Read {
    let variables = environment::read_file(tree, path)?;
    *facts = std::mem::take(facts).with_variables(variables);
    Ok(of(&tree.read(path)?))
}

/// Compose looks for its own names; other YAML is its when services have images.
pub(super) fn claims_compose(name: &str, text: &str) -> Claim {
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let has = |key: &str| text.lines().any(|line| line.trim_end() == key);
    let is_named = name.starts_with("compose.") || name.starts_with("docker-compose");
    let has_parts = || text.lines().any(|line| line.trim_start().starts_with("image:") && line.starts_with(' '));
    if is_yaml && has("services:") && (is_named || has_parts()) { Claim::Whole } else { Claim::No }
}

pub(super) fn read_compose(tree: &Tree, path: &Path, _: &Settings, facts: &mut Facts) -> Read {
    let source = tree.read(path)?;
    *facts = compose::read(&source).into_iter().fold(std::mem::take(facts), Facts::with_variables);
    *facts = compose::services(&source).into_iter().fold(std::mem::take(facts), Facts::with_service);
    Ok(of(&source))
}

/// Keys lie in files of these endings; what is called otherwise is rarely one.
pub(super) fn claims_key(name: &str, text: &str) -> Claim {
    let is_named = name.ends_with(".pem") || name.ends_with(".key");
    if is_named && key::has(text) { Claim::Whole } else { Claim::No }
}

pub(super) fn read_key(tree: &Tree, path: &Path, _: &Settings, facts: &mut Facts) -> Read {
    let source = tree.read(path)?;
    let file = key::read(&source, environment::is_readable_by_all(tree, path));
    *facts = file.into_iter().fold(std::mem::take(facts), Facts::with_key_file);
    Ok(of(&source))
}

pub(super) fn claims_dockerfile(name: &str, _: &str) -> Claim {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let start = name.split_once('.').map_or(name, |(start, _)| start);
    let is_named = matches!(start, "Dockerfile" | "Containerfile") || ending.eq_ignore_ascii_case("dockerfile");
    if is_named { Claim::Whole } else { Claim::No }
}

pub(super) fn read_dockerfile(tree: &Tree, path: &Path, _: &Settings, facts: &mut Facts) -> Read {
    let source = tree.read(path)?;
    *facts = std::mem::take(facts).with_variables(dockerfile::read(&source)).with_image(dockerfile::image(&source));
    Ok(of(&source))
}

pub(super) fn claims_elixir(name: &str, text: &str) -> Claim {
    let is_config = |line: &str| line.starts_with("config :pleroma") || line.starts_with("config :akkoma");
    if name.ends_with(".exs") && text.lines().any(is_config) { Claim::Whole } else { Claim::No }
}

pub(super) fn read_elixir(tree: &Tree, path: &Path, _: &Settings, facts: &mut Facts) -> Read {
    let source = tree.read(path)?;
    let has = |folder: &Path| CONTAINERS.iter().any(|name| tree.has(&folder.join(name)));
    // The configuration stands beside what runs it, or one folder below.
    let is_in_container = path.ancestors().skip(1).take(2).any(has);
    *facts = std::mem::take(facts).with_elixir(elixir::read(&source, is_in_container));
    Ok(of(&source))
}

static CONTAINERS: &[&str] =
    &["Dockerfile", "Containerfile", "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

fn of(source: &Source) -> Reading<()> {
    let sources = vec![(Arc::clone(source.path()), Arc::clone(source.text()))];
    Reading { value: (), problems: Vec::new(), sources }
}
