//! `bartizan policy evaluate`: what is to be said of a policy, or of several that are enforced together.

use std::io::Write as _;

use bartizan_rules::csp_evaluator::{Checks, Finding, Level, Severity, evaluate, evaluate_all, lighthouse};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde_json::{Value, json};

use super::lines;
use crate::cli::Format;
use crate::exit_code::Outcome;
use crate::output::visible::visible;
use crate::output::{self, BOLD, CODE, DIM, HEADING};

/// `bartizan policy evaluate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Evaluate {
    /// A policy; several are judged as browsers combine them, commas included.
    #[arg(value_name = "CSP", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub policies: Vec<String>,
    /// Read {"id","csp"} or {"id","csps":[…]} from standard input, a line each, and answer each with a line.
    #[arg(long)]
    pub jsonl: bool,
    /// Which checks to make.
    #[arg(long, value_enum, default_value_t)]
    pub checks: Asked,
    /// The level of CSP that the browser speaks.
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = Version::Three)]
    pub csp_version: Version,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Which checks to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Asked {
    /// Those that always matter.
    #[default]
    Default,
    /// Also whether the policy is a strict one that old browsers understand.
    Strict,
    /// Those of Lighthouse.
    Lighthouse,
}

/// A level of CSP, written as its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Neither nonces nor hashes.
    One,
    /// Nonces and hashes.
    Two,
    /// `'strict-dynamic'`, too.
    Three,
}

impl ValueEnum for Version {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::One, Self::Two, Self::Three]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::One => "1",
            Self::Two => "2",
            Self::Three => "3",
        }))
    }
}

impl Version {
    const fn level(self) -> Level {
        match self {
            Self::One => Level::One,
            Self::Two => Level::Two,
            Self::Three => Level::Three,
        }
    }
}

pub(super) fn run(asked: &Evaluate) -> anyhow::Result<Outcome> {
    if asked.jsonl {
        return lines::answer_each(|line| answer_line(line, asked));
    }
    let policies: Vec<_> = asked.policies.iter().map(String::as_str).collect();
    let answer = Answer::of(&policies, asked);
    match asked.format {
        Format::Json => writeln!(anstream::stdout(), "{:#}", answer.with_meanings())?,
        Format::Human => anstream::stdout().write_all(human(&answer).as_bytes())?,
    }
    let is_grave = |finding: &&Finding| finding.severity == Severity::High;
    Ok(if answer.all().any(|finding| is_grave(&finding)) { Outcome::Problems } else { Outcome::Fine })
}

/// What is said, in the form that the checks have.
enum Answer {
    Findings(Vec<Finding>),
    Lighthouse(bartizan_rules::csp_evaluator::Lighthouse),
}

impl Answer {
    /// One policy is judged as it is written, commas and all; several as browsers combine them.
    fn of(policies: &[&str], asked: &Evaluate) -> Self {
        let checks = match asked.checks {
            Asked::Default => Checks::Default,
            Asked::Strict => Checks::Strict,
            Asked::Lighthouse => return Self::Lighthouse(lighthouse(policies)),
        };
        let level = asked.csp_version.level();
        Self::Findings(match policies {
            [only] => evaluate(only, level, checks),
            several => evaluate_all(several, level, checks),
        })
    }

    fn all(&self) -> Box<dyn Iterator<Item = &Finding> + '_> {
        match self {
            Self::Findings(findings) => Box::new(findings.iter()),
            Self::Lighthouse(all) => {
                Box::new(all.failures.iter().chain(&all.warnings).chain(all.syntax.iter().flatten()))
            }
        }
    }

    /// The exact form that programs compare.
    fn json(&self) -> (&'static str, Value) {
        match self {
            Self::Findings(findings) => ("findings", json!(findings)),
            Self::Lighthouse(all) => ("lighthouse", json!(all)),
        }
    }

    /// The same, and what each kind means.
    fn with_meanings(&self) -> Value {
        let mut meanings = serde_json::Map::new();
        for finding in self.all() {
            meanings.insert(finding.kind.as_str().to_owned(), finding.kind.meaning().into());
        }
        let (name, value) = self.json();
        json!({ name: value, "meanings": meanings })
    }
}

/// A line that is asked.
#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    csp: Option<String>,
    csps: Option<Vec<String>>,
}

fn answer_line(line: &[u8], asked: &Evaluate) -> Result<Value, Value> {
    let error = |id: &Value, text: String| json!({ "id": id, "error": text });
    let question: Question = serde_json::from_slice(line).map_err(|fault| error(&Value::Null, fault.to_string()))?;
    let policies: Vec<_> = match (&question.csp, &question.csps) {
        (Some(csp), None) => vec![csp.as_str()],
        (None, Some(csps)) => csps.iter().map(String::as_str).collect(),
        _ => return Err(error(&question.id, "either csp or csps".to_owned())),
    };
    let (name, value) = Answer::of(&policies, asked).json();
    Ok(json!({ "id": question.id, name: value }))
}

fn human(answer: &Answer) -> String {
    let mut text = String::new();
    match answer {
        Answer::Findings(findings) => section(&mut text, None, findings),
        Answer::Lighthouse(all) => {
            section(&mut text, Some("Failures"), &all.failures);
            section(&mut text, Some("Warnings"), &all.warnings);
            let syntax: Vec<_> = all.syntax.iter().flatten().cloned().collect();
            section(&mut text, Some("Syntax"), &syntax);
        }
    }
    text
}

fn section(text: &mut String, title: Option<&str>, findings: &[Finding]) {
    use std::fmt::Write as _;
    if let Some(title) = title {
        let _ = writeln!(text, "{HEADING}{title}{HEADING:#}");
    }
    if findings.is_empty() {
        let _ = writeln!(text, "  nothing to say");
    }
    // The gravest first; a fault that is told for several directives by the same name is shown once.
    let mut sorted: Vec<&Finding> = Vec::new();
    for finding in findings {
        if !sorted.contains(&finding) {
            sorted.push(finding);
        }
    }
    sorted.sort_by_key(|finding| finding.severity);
    for finding in sorted {
        let place = match &finding.value {
            Some(value) => format!("{} {}", finding.directive, value),
            None => finding.directive.clone(),
        };
        let (severity, kind) = (finding.severity.as_str(), finding.kind.as_str());
        let _ = writeln!(text, "  {BOLD}{severity:<12}{BOLD:#}  {CODE}{}{CODE:#}", visible(&place));
        let lines = output::wrap(finding.kind.meaning(), output::width().saturating_sub(16));
        let _ = writeln!(text, "                {}", lines.join("\n                "));
        let _ = writeln!(text, "                {DIM}{kind}{DIM:#}");
    }
}

const EXAMPLES: &str = "\
One policy:   bartizan policy evaluate \"script-src 'self' https:; object-src 'none'\"
Two headers:  bartizan policy evaluate \"default-src 'self'\" \"script-src 'none'\"
Many:         bartizan policy evaluate --jsonl < policies.jsonl

Exit code 1 when a finding is HIGH; with --jsonl, when a line could not be read.";
