//! `cargo xtask journeys`: goes all journeys through real apps, and writes docs/journeys.md of what came of them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;
use crate::project::{Project, cargo};
use crate::setup;

/// What a test leaves of one app.
#[derive(Debug, Deserialize)]
struct Outcome {
    title: String,
    package: String,
    does: String,
    ways: Vec<Way>,
}

/// One journey through one app.
#[derive(Debug, Deserialize)]
struct Way {
    way: String,
    steps: usize,
    broken: Vec<String>,
    enforced: usize,
    reported: usize,
    grade: Option<String>,
    #[serde(default)]
    policy: Option<String>,
}

/// Runs the tests with every way open, and writes the page.
pub(crate) fn run(project: &Project) -> Result<()> {
    println!("apps of journeys: {}", setup::journeys::ensure_all(project)?);
    let folder = project.root.join("target/journeys/.outcomes");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    let mut command = cargo();
    command.args(["nextest", "run", "--package", "bartizan", "--test", "journeys", "--no-fail-fast"]);
    let tested = process::run(command.env("BARTIZAN_JOURNEYS", &folder).current_dir(&project.root));
    // An app that breaks stands in the table as well, and then fails the command.
    let outcomes = outcomes(&folder)?;
    let path = project.root.join("docs/journeys.md");
    fs::write(&path, page(&outcomes)).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{} apps: {}", outcomes.len(), path.display());
    tested
}

fn outcomes(folder: &Path) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        outcomes.push(serde_json::from_str(&text).with_context(|| path.display().to_string())?);
    }
    outcomes.sort_by(|one: &Outcome, other: &Outcome| one.title.cmp(&other.title));
    Ok(outcomes)
}

/// Returns the page.
fn page(outcomes: &[Outcome]) -> String {
    let mut page = HEAD.to_owned();
    for outcome in outcomes {
        let Outcome { title, package, does, ways } = outcome;
        // Writing to a text cannot fail.
        let _ = write!(page, "\n## {title}\n\n`{package}`: {does}.\n\n{TABLE}");
        let whole = ways.first().map_or(0, |direct| direct.steps);
        for way in ways {
            let _ = writeln!(page, "{}", row(way, whole));
        }
        for way in ways {
            if let Some(policy) = &way.policy {
                let _ = write!(page, "\nIn the end, `{}` enforces:\n\n```\n{policy}\n```\n", way.way);
            }
        }
    }
    page
}

fn row(way: &Way, whole: usize) -> String {
    let judged = if way.broken.is_empty() { "unbroken" } else { "**broken**" };
    let grade = way.grade.as_deref().unwrap_or("-");
    format!("| {} | {judged} | {} of {whole} | {} | {} | {grade} |", way.way, way.steps, way.enforced, way.reported)
}

const HEAD: &str = "<!-- Written by `cargo xtask journeys`; do not edit. -->
# Journeys through real apps

Apps that nobody here wrote, as their registries have them, each driven by Chromium: direct, and behind the wall with
the shortest configuration there is. *Unbroken* means that every step was done, and that the browser saw no error in
the console, no exception, no failed request and no forbidden source that it did not see direct. *Reported* counts
what a policy under trial would have forbidden. `strict` is for apps that were written for it, and stands here to
show what the others would have lost. The Observatory's grade is what `bartizan scan` reckons.

The apps are installed from `crates/bartizan/tests/journeys/apps`, where each has a folder.
";

const TABLE: &str = "| way | journey | steps | forbidden | reported | Observatory |\n|---|---|---|---|---|---|\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_row_for_each_way() {
        let text = r#"{"title": "App", "package": "app==1", "does": "goes in", "ways": [
            {"way": "direct", "steps": 2, "broken": [], "enforced": 0, "reported": 0, "grade": null},
            {"way": "strict", "steps": 1, "broken": ["no"], "enforced": 3, "reported": 0, "grade": "A+", "policy": "x"}]}"#;
        let page = page(&[serde_json::from_str(text).unwrap()]);
        for part in [
            "\n## App\n\n`app==1`: goes in.\n",
            "\n| direct | unbroken | 2 of 2 | 0 | 0 | - |\n",
            "\n| strict | **broken** | 1 of 2 | 3 | 0 | A+ |\n",
            "`strict` enforces:\n\n```\nx\n```\n",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }
}
