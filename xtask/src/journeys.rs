//! `cargo xtask journeys`: goes all journeys through real apps, and writes docs/journeys.md of what came of them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use serde::Deserialize;

use crate::process;
use crate::project::{Project, cargo};
use crate::setup;

/// Which apps.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only these, by the names of their folders; the others stand in the table as they were seen last.
    apps: Vec<String>,
}

/// What a test leaves of one app.
#[derive(Debug, Deserialize)]
struct Outcome {
    title: String,
    package: String,
    does: String,
    allow: Vec<String>,
    ways: Vec<Way>,
    policy: Option<String>,
    obstacle: Option<String>,
    blocked: Vec<String>,
    told: Vec<String>,
    is_learnt_again: bool,
}

/// One journey through one app.
#[derive(Debug, Deserialize)]
struct Way {
    way: String,
    steps: usize,
    broken: Vec<String>,
    enforced: usize,
    reported: usize,
    grade: Option<Grade>,
}

/// What the Observatory says.
#[derive(Debug, Deserialize)]
struct Grade {
    grade: String,
    score: i64,
}

/// Runs the tests with every way open, and writes the page.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    println!("apps of journeys: {}", setup::journeys::ensure_all(project)?);
    let folder = project.root.join("target/journeys/.outcomes");
    if folder.exists() && options.apps.is_empty() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    let mut command = cargo();
    // One after the other: each has an app, a wall and a browser to itself, as a person would.
    let threads = ["--no-fail-fast", "--test-threads", "1"];
    command.args(["nextest", "run", "--package", "bartizan", "--test", "journeys"]).args(threads);
    if !options.apps.is_empty() {
        command.args(["--", "--exact"]).args(&options.apps);
    }
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
        page.push_str(&outcome.row());
    }
    for outcome in outcomes {
        outcome.section(&mut page);
    }
    page
}

impl Outcome {
    /// The app in the table of all.
    fn row(&self) -> String {
        let (name, version) =
            self.package.rsplit_once("==").or_else(|| self.package.rsplit_once('@')).unwrap_or((&self.package, ""));
        let whole = self.whole();
        let judged = |name: &str| {
            let way = self.ways.iter().find(|way| way.way == name);
            way.map_or("-", |way| if way.broken.is_empty() { "unbroken" } else { "**broken**" })
        };
        let last = self.ways.iter().rfind(|way| way.grade.is_some() && self.policy.is_some());
        let grade = last.and_then(|way| way.grade.as_ref()).map_or("-".to_owned(), Grade::written);
        let end = match (&self.policy, &self.obstacle) {
            (Some(policy), _) => format!("enforced, {}", manner(policy)),
            (None, Some(_)) => "reported on".to_owned(),
            (None, None) => "**broken**".to_owned(),
        };
        let violations = last.map_or("-".to_owned(), |way| way.enforced.to_string());
        let added = |what: &str| match (has(&self.blocked, what), has(&self.told, what)) {
            (true, true) => "blocked, reported",
            (true, false) => "blocked, **not reported**",
            _ if self.policy.is_none() => "-",
            _ => "**runs**",
        };
        let again = match (self.is_learnt_again, &self.policy) {
            (true, _) => "runs",
            (false, None) => "-",
            (false, Some(_)) => "**blocked**",
        };
        let obstacle = self.obstacle.iter().map(|obstacle| format!("for `{obstacle}`"));
        let remarks: Vec<_> = obstacle.chain(self.allow.iter().map(|allow| format!("`allow`: `{allow}`"))).collect();
        format!(
            "| {} | `{name}` {version} | {whole} | {} | {} | {end} | {violations} | {grade} | {} | {} | {again} | {} |\n",
            self.title,
            judged("direct"),
            judged("balanced"),
            added("inline"),
            added("foreign"),
            remarks.join("; "),
        )
    }

    /// All that is known of the app.
    fn section(&self, page: &mut String) {
        let Self { title, package, does, .. } = self;
        // Writing to a text cannot fail.
        let _ = write!(page, "\n## {title}\n\n`{package}`: {does}.\n\n{TABLE}");
        for way in &self.ways {
            let _ = writeln!(page, "{}", way.row(self.whole()));
        }
        if let Some(policy) = &self.policy {
            let _ = write!(page, "\nIn the end the autopilot enforces:\n\n```\n{policy}\n```\n");
        }
        if let Some(obstacle) = &self.obstacle {
            let _ = write!(page, "\nThe autopilot goes no further than reports, for `{obstacle}`.\n");
        }
    }

    /// How many steps the journey has.
    fn whole(&self) -> usize {
        self.ways.first().map_or(0, |direct| direct.steps)
    }
}

impl Way {
    fn row(&self, whole: usize) -> String {
        let judged = if self.broken.is_empty() { "unbroken" } else { "**broken**" };
        let grade = self.grade.as_ref().map_or("-".to_owned(), Grade::written);
        let Self { way, steps, enforced, reported, .. } = self;
        format!("| {way} | {judged} | {steps} of {whole} | {enforced} | {reported} | {grade} |")
    }
}

impl Grade {
    fn written(&self) -> String {
        format!("{} {}", self.grade, self.score)
    }
}

/// Says how a policy lets scripts and styles run, in the words that matter.
fn manner(policy: &str) -> String {
    let said = |name: &str| {
        policy.split(';').find_map(|directive| directive.trim_start().strip_prefix(name)?.strip_prefix(' '))
    };
    let scripts = said("script-src").unwrap_or_default();
    let mut words = vec!["scripts by nonce"];
    let by = [
        ("'sha256-", "and hash"),
        ("'unsafe-eval'", "with `eval`"),
        ("'wasm-unsafe-eval'", "with WebAssembly"),
        ("'unsafe-inline'", "**and any inline**"),
    ];
    words.extend(by.iter().filter(|(source, _)| scripts.contains(source)).map(|(_, word)| *word));
    let is_open = |name: &str| said(name).is_some_and(|sources| sources.contains("'unsafe-inline'"));
    words.push(match (is_open("style-src"), is_open("style-src-attr")) {
        (true, _) => "; any inline style",
        (false, true) => "; styles by nonce, any `style` attribute",
        (false, false) => "; styles by nonce and hash",
    });
    words.join(" ").replace(" ;", ";")
}

fn has(words: &[String], word: &str) -> bool {
    words.iter().any(|known| known == word)
}

const HEAD: &str = "<!-- Written by `cargo xtask journeys`; do not edit. -->
# Journeys through real apps

Apps that nobody here wrote, as their registries have them, each driven by Chromium: direct, behind the wall with the
shortest configuration there is, and through the autopilot's steps to the end. *Unbroken* means that every step was
done, and that the browser saw no error in the console, no exception, no failed request and no forbidden source that it
did not see direct. *Violations* are those of the journey under the enforced policy. Then a script was put into a page,
once inline and once from another origin; and last the same scripts were taken for a new version of the app, and the
site was learnt again. The Observatory's grade is what `bartizan scan` reckons.

The apps are installed from `crates/bartizan/tests/journeys/apps`, where each has a folder. What an operator has to
vouch for, since no page of the app names it, is `allow`.

An app whose scripts write event handlers into elements that they make stays in reports. A policy allows a handler by the
hash of its text, and the autopilot takes hashes from pages alone: what a report says of a handler may be anybody's, and a
planted one would be reported just as well. The operator can decide otherwise with `allow`, for every handler alike.

| app | package | steps | direct | `balanced` | the autopilot's policy | violations | Observatory | injected inline | injected foreign | new version | remarks |
|---|---|---|---|---|---|---|---|---|---|---|---|
";

const TABLE: &str = "| way | journey | steps | forbidden | reported | Observatory |\n|---|---|---|---|---|---|\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_row_for_each_app_and_each_way() {
        let text = r#"[{"title": "App", "package": "app==1.2", "does": "goes in", "allow": ["img-src data:"], "ways": [
            {"way": "direct", "steps": 2, "broken": [], "enforced": 0, "reported": 0, "grade": null},
            {"way": "balanced", "steps": 2, "broken": [], "enforced": 0, "reported": 3, "grade": {"grade": "B", "score": 70}},
            {"way": "autopilot, enforced", "steps": 2, "broken": [], "enforced": 0, "reported": 0,
             "grade": {"grade": "A+", "score": 105}}],
            "policy": "script-src 'nonce-x' 'sha256-y'; style-src 'nonce-x'; style-src-attr 'unsafe-inline'",
            "obstacle": null, "blocked": ["inline", "foreign"], "told": ["inline"], "is_learnt_again": true},
            {"title": "Other", "package": "@other/app@3", "does": "stays", "allow": [], "ways": [
            {"way": "direct", "steps": 4, "broken": [], "enforced": 0, "reported": 0, "grade": null},
            {"way": "balanced", "steps": 1, "broken": ["no"], "enforced": 3, "reported": 0, "grade": null}],
            "policy": null, "obstacle": "x inline", "blocked": [], "told": [], "is_learnt_again": false}]"#;
        let page = page(&serde_json::from_str::<Vec<Outcome>>(text).unwrap());
        for part in [
            "\n| App | `app` 1.2 | 2 | unbroken | unbroken | enforced, scripts by nonce and hash; styles by nonce, any `style` \
             attribute | 0 | A+ 105 | blocked, reported | blocked, **not reported** | runs | `allow`: `img-src data:` |\n",
            "\n| Other | `@other/app` 3 | 4 | unbroken | **broken** | reported on | - | - | - | - | - | for `x inline` |\n",
            "\n## App\n\n`app==1.2`: goes in.\n",
            "\n| balanced | unbroken | 2 of 2 | 0 | 3 | B 70 |\n",
            "\nThe autopilot goes no further than reports, for `x inline`.\n",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }
}
