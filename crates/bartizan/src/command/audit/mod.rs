//! `bartizan audit`: deployment files, judged before they run.

mod comments;
mod live;
mod mend;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use bartizan_audit::discover::{self, Audited};
use bartizan_audit::formats::environment;
use bartizan_audit::{DjangoCsp, DjangoVersion, Settings, Source, Tree};
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::systemd::Systemd;
use bartizan_rules::systemd::exposure::{Exposure, MEASURED_VERSION, exposure};
use bartizan_rules::{Facts, Findings, joined, judge};
use bartizan_scan::{Override, Target};
use clap::{Args, ValueEnum};
use serde_json::json;

use self::comments::Comments;
use crate::exit_code::Outcome;
use crate::output;
use crate::output::findings::{Options, Report, present};

/// `bartizan audit`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = clap::ArgGroup::new("mending").multiple(true))]
pub struct Audit {
    /// Files and folders to judge.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    report: Options,
    /// Write the changes that are safe into the files.
    #[arg(long, group = "mending")]
    fix: bool,
    /// Write the changes that can break a site, too.
    #[arg(long, requires = "mending")]
    fix_risky: bool,
    /// Show the changes instead of the findings, and write nothing unless --fix is given.
    #[arg(long, group = "mending")]
    diff: bool,
    /// The settings module of Django, such as app.settings.
    #[arg(long, value_name = "MODULE")]
    settings: Option<String>,
    /// The version of Django.
    #[arg(long, value_enum, default_value_t, value_name = "VERSION")]
    django_version: Version,
    /// The version of django-csp.
    #[arg(long, value_enum, default_value_t, value_name = "VERSION")]
    django_csp: Csp,
    /// A file of variables that the apps run with; may be given again.
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,
    /// A variable that the apps run with; may be given again, and is stronger than files.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    env: Vec<(String, String)>,
    /// End with 1 when a part of a file could not be read, too.
    #[arg(long)]
    fail_on_unparsed: bool,
    /// No other variables are set.
    #[arg(long)]
    env_closed: bool,
    /// Also look at the site that the files are of, and tell where the two contradict each other.
    #[arg(long, value_name = "URL")]
    with_scan: Option<Target>,
    /// Where a name of the site leads, as HOST:PORT:ADDR.
    #[arg(long, value_name = "HOST:PORT:ADDR", requires = "with_scan")]
    resolve: Vec<Override>,
    /// Trust the authorities of this PEM file as well, for the site.
    #[arg(long, value_name = "FILE", requires = "with_scan")]
    cacert: Option<PathBuf>,
    /// The version of systemd; 252 is the one whose scores were measured, the others are from their manual pages.
    #[arg(long, value_name = "VERSION", value_parser = clap::value_parser!(u16).range(252..=258))]
    systemd_version: Option<u16>,
}

/// A version of Django.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Version {
    /// With long support.
    #[default]
    #[value(name = "5.2")]
    V5_2,
    /// With Content-Security-Policy of its own.
    #[value(name = "6.1")]
    V6_1,
}

/// A version of django-csp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Csp {
    /// It is not installed.
    #[default]
    None,
    /// A setting for each directive.
    #[value(name = "3")]
    V3,
    /// One dictionary.
    #[value(name = "4")]
    V4,
}

pub(super) fn run(audit: &Audit) -> anyhow::Result<Outcome> {
    let settings = audit.settings()?;
    let mut report = Report::new(audit.subject(), Vec::new());
    let mut unparsed = Vec::new();
    let mut systemd = serde_json::Map::new();
    let mut changes = mend::Changes::default();
    let mut facts = Facts::default();
    for path in audit.paths.iter().flat_map(|path| expanded(path)) {
        let Some((tree, only)) = opened(&path)? else {
            output::hint(&format!("{} is not there", path.display()));
            return Ok(Outcome::Failed);
        };
        let keep = if audit.with_scan.is_some() { Keep::Facts } else { Keep::Findings };
        let mut root = Root { tree, only, keep };
        let mut seen = root.judge(&settings);
        if audit.fix || audit.diff {
            seen = mend::mend(&mut root, seen, &settings, audit.daring(), &mut changes);
        }
        unparsed.extend(seen.audited.problems.iter().map(|problem| {
            json!({ "file": &*problem.at.path, "line": problem.at.line, "column": problem.at.column, "message": problem.message })
        }));
        unparsed.extend(seen.audited.unread.iter().map(|error| json!({ "message": error.to_string() })));
        for apart in seen.audited.facts {
            for unit in apart.systemd {
                // Of two units of one name, the path tells which is which.
                let name = if systemd.contains_key(&unit.name) { unit.path.to_string() } else { unit.name };
                systemd.insert(name, json!(unit.exposure));
            }
            if let Some(more) = apart.facts {
                facts.append(more);
            }
        }
        let comments = Comments::of(seen.audited.sources.iter().map(|(path, text)| (path, text)));
        report.found.reserve_exact(seen.findings.as_slice().len());
        for finding in seen.findings {
            let standing = comments.standing(&finding);
            report.push(finding, standing);
        }
        report.sources.extend(seen.audited.sources);
    }
    let mut is_reached = true;
    if let Some(target) = &audit.with_scan {
        let seen = live::look(target, &audit.resolve, audit.cacert.as_deref(), facts)?;
        is_reached = seen.is_reached;
        let sources = report.sources.clone();
        let comments = Comments::of(&sources);
        for finding in seen.findings {
            let standing = comments.standing(&finding);
            report.push(finding, standing);
        }
        report.notes.extend(seen.unseen);
    }
    for problem in &unparsed {
        let at = |name: &str| {
            problem[name].as_str().map(str::to_owned).or_else(|| problem[name].as_u64().map(|it| it.to_string()))
        };
        let place = at("file").map(|file| format!("{file}:{}: ", at("line").unwrap_or_default())).unwrap_or_default();
        report.notes.push(format!("{place}{}", at("message").unwrap_or_default()));
    }
    if let Some(version) = audit.systemd_version.filter(|version| *version != MEASURED_VERSION && !systemd.is_empty()) {
        report.notes.push(format!(
            "the scores are those of systemd {MEASURED_VERSION}, with what the pages of {version} say is new; they were \
             not measured"
        ));
        report.details.insert("systemd_unmeasured".into(), version.into());
    }
    let is_whole = unparsed.is_empty();
    report.details.insert("systemd".into(), systemd.into());
    report.details.insert("unparsed".into(), unparsed.into());
    if audit.diff {
        changes.show()?;
    }
    if audit.fix {
        changes.write()?;
    }
    if audit.diff && !audit.fix {
        return Ok(Outcome::Fine);
    }
    let outcome = present(vec![report], &audit.report, jiff::Zoned::now().date())?;
    Ok(match outcome {
        _ if !is_reached => Outcome::Failed,
        Outcome::Fine if audit.fail_on_unparsed && !is_whole => Outcome::Problems,
        outcome => outcome,
    })
}

impl Audit {
    fn subject(&self) -> String {
        let names: Vec<_> = self.paths.iter().map(|path| path.display().to_string()).collect();
        names.join(" ")
    }

    const fn daring(&self) -> bartizan_audit::edit::Daring {
        if self.fix_risky { bartizan_audit::edit::Daring::Risky } else { bartizan_audit::edit::Daring::Safe }
    }

    fn settings(&self) -> anyhow::Result<Settings> {
        let mut variables = Vec::new();
        for path in &self.env_file {
            let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let file = environment::read(&Source::new(path.display().to_string(), bytes));
            let given = file.items.into_iter().filter_map(|item| Some((item.name.into(), item.value?.into())));
            variables.extend(given);
        }
        variables.extend(self.env.iter().cloned());
        Ok(Settings {
            django_settings: self.settings.clone(),
            django_version: match self.django_version {
                Version::V5_2 => DjangoVersion::V5_2,
                Version::V6_1 => DjangoVersion::V6_1,
            },
            django_csp: match self.django_csp {
                Csp::None => DjangoCsp::None,
                Csp::V3 => DjangoCsp::V3,
                Csp::V4 => DjangoCsp::V4,
            },
            variables,
            has_all_variables: self.env_closed,
            systemd_version: self.systemd_version,
        })
    }
}

/// A tree, and the file in it that was named.
struct Root {
    tree: Tree,
    only: Option<PathBuf>,
    keep: Keep,
}

/// What is kept of files that were judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// The facts as well: they are to be compared with a site's.
    Facts,
    /// What was found.
    Findings,
}

/// What was read and what was found.
struct Seen {
    audited: Audited<Vec<Apart>>,
    findings: Findings,
}

/// What is left of one configuration once it is judged, besides its findings.
struct Apart {
    systemd: Vec<Unit>,
    facts: Option<Facts>,
}

/// A systemd unit and its score.
struct Unit {
    name: String,
    path: Arc<str>,
    exposure: Exposure,
}

impl Root {
    fn judge(&self, settings: &Settings) -> Seen {
        let units = match &self.only {
            Some(path) => {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                discover::named_unit(&self.tree, path.clone(), name).into_iter().collect()
            }
            None => {
                let units = discover::units(&self.tree, progress);
                clear_progress();
                units
            }
        };
        let Audited { facts, problems, unread, sources, read } =
            discover::read_each(&self.tree, units, settings, |facts| self.judged(facts));
        let (found, apart): (Vec<_>, Vec<_>) = facts.into_iter().unzip();
        Seen { audited: Audited { facts: apart, problems, unread, sources, read }, findings: joined(rules(), found) }
    }

    /// No rule of files looks at two configurations together.
    fn judged(&self, facts: Facts) -> (Findings, Apart) {
        let findings = judge(rules(), &facts);
        let scored = |unit: &Systemd| {
            let (name, path) = (unit.name.clone(), Arc::clone(&unit.service.path));
            Some(Unit { name, path, exposure: exposure(unit)? })
        };
        let systemd = facts.systemd().iter().filter_map(scored).collect();
        (findings, Apart { systemd, facts: (self.keep == Keep::Facts).then_some(facts) })
    }
}

impl Seen {
    fn sources(&self) -> BTreeMap<Arc<str>, Arc<str>> {
        self.audited.sources.iter().cloned().collect()
    }
}

/// A folder is a tree; a file is read in the tree of its folder, or of its Python project.
fn opened(path: &Path) -> anyhow::Result<Option<(Tree, Option<PathBuf>)>> {
    if path.is_dir() {
        return Ok(Some((Tree::open(path)?, None)));
    }
    if !path.exists() {
        return Ok(None);
    }
    let root = discover::root_of(path);
    let only = path.strip_prefix(&root).unwrap_or(path).to_owned();
    Ok(Some((Tree::open(&root)?, Some(only))))
}

/// A shell that does not know wildcards leaves them to us.
fn expanded(path: &Path) -> Vec<PathBuf> {
    let text = path.to_string_lossy();
    if path.exists() || !text.contains(['*', '?', '[']) {
        return vec![path.to_owned()];
    }
    let start = if path.is_absolute() { "/" } else { "." };
    let Ok(tree) = Tree::open(Path::new(start)) else { return Vec::new() };
    let found = discover::named(&tree, path);
    if found.is_empty() {
        vec![path.to_owned()]
    } else {
        found.into_iter().map(|found| Path::new(start).join(found)).collect()
    }
}

/// The value is taken as it stands: the shell has had its quotes.
fn variable(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace));
    let (name, value) = pair.ok_or_else(|| "a name, an equals sign and a value are expected".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Tells how far it is, where somebody watches.
fn progress(count: usize) {
    if count.is_multiple_of(500) && std::io::stderr().is_terminal() {
        output::progress(&format!("{count} files looked at"));
    }
}

fn clear_progress() {
    if std::io::stderr().is_terminal() {
        output::progress("");
    }
}

const EXAMPLES: &str = "\
A file:     bartizan audit /etc/nginx/nginx.conf
A tree:     bartizan audit --format sarif deploy/
Mend it:    bartizan audit --diff deploy/   and then   bartizan audit --fix deploy/
With the site: bartizan audit deploy/ --with-scan https://app.example

A comment `# bartizan: ignore RULE-ID reason` on the line, or on the line before, sets a finding
aside. What could not be read is told, and changes nothing unless --fail-on-unparsed is given. Exit
codes: 0 nothing is as severe as --fail-on, 1 something is, 2 the command line cannot be understood,
3 a path is not there or cannot be read, or the site of --with-scan was not reached.";
