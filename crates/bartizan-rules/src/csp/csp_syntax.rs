//! Part of the policy cannot be read, and browsers pass over it.

use super::fixes;
use bartizan_headers::Note;
use bartizan_headers::csp::{DirectiveName, HostSource, Policy, Source, SourceHost};

use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Part of the policy cannot be read, and browsers pass over it.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-syntax",
        title: "Part of the policy cannot be read, and browsers pass over it",
        why: "A directive or a source that browsers do not know is passed over without a word: a missing \
              semicolon, quotes that were forgotten, a misspelt name. What it was to allow is blocked, and \
              what it was to limit is not limited.",
        fix: fixes::POLICY_IN_HEADER,
        references: &[
            Spec("CSP Level 3, 2.2.1", "https://www.w3.org/TR/CSP3/#parse-serialized-policy"),
            Mdn("Content-Security-Policy"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri self 'unsafe-inlin'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'self'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        if seen.value.value.is_none() {
            continue; // csp-missing says so.
        }
        for note in &seen.value.notes {
            // Other rules speak of what is obsolete, and of 'none' beside others.
            let gone = matches!(note, Note::Unknown(name) if OLD.contains(&name.as_str()));
            if !gone && !matches!(note, Note::Obsolete(_) | Note::Conflict(_)) {
                let finding = findings.push(&RULE, &seen.at, format!("the policy: {note}"));
                if matches!(note, Note::Unknown(_)) {
                    finding.equivalent("csp_evaluator:UNKNOWN_DIRECTIVE");
                }
            }
        }
        let Some(policies) = &seen.value.value else { continue };
        for directive in policies.policies.iter().flat_map(Policy::directives) {
            for name in directive.value.sources().iter().filter_map(bare_name) {
                let (what, kind) = if is_bare_word(name) {
                    ("lacks its quotes", "INVALID_KEYWORD")
                } else if is_directive(name) {
                    ("is a directive: the semicolon before it is missing", "MISSING_SEMICOLON")
                } else {
                    continue;
                };
                let finding = findings.push(&RULE, &seen.at, format!("{} {name} {what}", directive.name));
                finding.equivalent(format!("csp_evaluator:{kind}"));
            }
        }
    }
}

/// Returns the name of a source that is nothing but a name.
fn bare_name(source: &Source) -> Option<&str> {
    match source {
        Source::Host(HostSource { scheme: None, host: SourceHost::Exact(name), port: None, path: None }) => Some(name),
        _ => None,
    }
}

/// Whether a name is a keyword, nonce or hash that lacks its quotes.
fn is_bare_word(name: &str) -> bool {
    let starts = ["nonce-", "sha256-", "sha384-", "sha512-"];
    let words = ["none", "self", "strict-dynamic", "unsafe-eval", "unsafe-hashes", "unsafe-inline"];
    words.contains(&name) || starts.iter().any(|start| name.starts_with(start))
}

/// Whether a name is a directive's, and hardly a host's.
fn is_directive(name: &str) -> bool {
    name.contains('-') && !matches!(DirectiveName::of(name), DirectiveName::Other(_))
}

/// Directives that `csp-directive-gone` speaks of.
const OLD: &[&str] = &["disown-opener", "navigate-to", "plugin-types", "referrer", "reflected-xss", "require-sri-for"];
