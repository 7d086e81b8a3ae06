//! `bartizan audit`: deployment files, judged before they run.

mod comments;
mod judged;
mod live;
mod mend;
mod root;
mod told;
mod whole;

use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::Context as _;
use bartizan_audit::formats::environment;
use bartizan_audit::{DjangoCsp, DjangoVersion, Settings, Source};
use bartizan_rules::systemd::exposure::MEASURED_VERSION;
use bartizan_scan::{Override, Target};
use clap::{Args, ValueEnum};

use self::comments::Comments;
use self::judged::Keep;
use self::root::{Root, expanded};
use self::told::Told;
use self::whole::{Whole, note};
use crate::exit_code::Outcome;
use crate::output;
use crate::output::findings::{Options, Report};

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
    let mut roots = Vec::new();
    for path in audit.paths.iter().flat_map(|path| expanded(path)) {
        let Some(root) = Root::open(&path)? else {
            output::hint(&format!("{} is not there", path.display()));
            return Ok(Outcome::Failed);
        };
        roots.push(root);
    }
    let mut told = Told::of(audit)?;
    let mut whole = Whole::default();
    let mut changes = mend::Changes::default();
    for mut root in roots {
        if audit.fix || audit.diff {
            let seen = mend::mend(&mut root, &settings, audit.keep(), audit.daring(), &mut changes);
            whole.add(seen.audited);
            for mut judged in seen.judged {
                whole.judged(&mut judged);
                told.put(&mut judged)?;
            }
            continue;
        }
        let mut written = Ok(());
        let audited = root.judge(&settings, told.voice(), audit.keep(), |judged| {
            whole.judged(judged);
            written = told.put(judged);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written?;
        whole.add(audited);
    }
    let mut report = Report::new(audit.subject(), Vec::new());
    let mut is_reached = true;
    if let Some(target) = &audit.with_scan {
        let facts = std::mem::take(&mut whole.facts);
        let seen = live::look(target, &audit.resolve, audit.cacert.as_deref(), facts)?;
        is_reached = seen.is_reached;
        let comments = Comments::of(&whole.sources);
        told.found(seen.findings.into_iter().map(|finding| {
            let standing = comments.standing(&finding);
            (finding, standing)
        }));
        report.notes.extend(seen.unseen);
    }
    report.notes.extend(whole.unparsed.iter().map(note));
    if let Some(version) = audit.systemd_version.filter(|it| *it != MEASURED_VERSION && !whole.systemd.is_empty()) {
        report.notes.push(format!(
            "the scores are those of systemd {MEASURED_VERSION}, with what the pages of {version} say is new; they were \
             not measured"
        ));
        report.details.insert("systemd_unmeasured".into(), version.into());
    }
    let is_whole = whole.unparsed.is_empty();
    report.details.insert("systemd".into(), whole.systemd.into());
    report.details.insert("unparsed".into(), whole.unparsed.into());
    if audit.diff {
        changes.show()?;
    }
    if audit.fix {
        changes.write()?;
    }
    if audit.diff && !audit.fix {
        return Ok(Outcome::Fine);
    }
    report.sources.extend(whole.sources);
    let outcome = told.end(report, &audit.report)?;
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

    const fn keep(&self) -> Keep {
        if self.with_scan.is_some() { Keep::Facts } else { Keep::Findings }
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

/// The value is taken as it stands: the shell has had its quotes.
fn variable(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace));
    let (name, value) = pair.ok_or_else(|| "a name, an equals sign and a value are expected".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
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
