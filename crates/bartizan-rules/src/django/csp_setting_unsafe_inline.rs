//! A script directive of the settings has 'unsafe-inline'.

use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Mdn};
use crate::facts::django::{Item, Outcome};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy in the settings lets inline scripts run.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-setting-unsafe-inline",
        title: "The policy in the settings lets inline scripts run",
        why: "'unsafe-inline' lets every script in the page run, those that an attacker slipped in among them. The \
              policy then stops nothing of what it is there for; a nonce lets through only what the page itself \
              wrote.",
        fix: &[(Django, r#"SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}"#)],
        references: &[Mdn("Content-Security-Policy"), Cwe(79)],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Django,
        r#"CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": ["'self'", "'unsafe-inline'"]}}"#,
    ),
    good: Example::File(Format::Django, r#"CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": ["'self'"]}}"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let _ = django;
        let hit = |at| Hit::at(at, "a script directive has 'unsafe-inline'");
        let unsafe_inline = scripts(outcome).into_iter().filter(|item| lets_inline(item));
        unsafe_inline.map(|item| hit(item.at.clone())).collect()
    });
}

/// Returns the sources of scripts, wherever a release of Django or django-csp has them.
fn scripts(outcome: &Outcome) -> Vec<&Item> {
    let old = ["CSP_SCRIPT_SRC", "CSP_SCRIPT_SRC_ELEM", "CSP_DEFAULT_SRC"];
    let old = old.into_iter().filter_map(|name| outcome.setting(name).map(|setting| &setting.item));
    let policies = ["SECURE_CSP", "CONTENT_SECURITY_POLICY"].into_iter().filter_map(|name| {
        let value = outcome.value(name)?;
        Some(value.entry("DIRECTIVES").map_or(value, |directives| &directives.value))
    });
    let directives = ["script-src", "script-src-elem", "default-src"];
    let new = policies.flat_map(|policy| directives.into_iter().filter_map(|directive| policy.entry(directive)));
    old.chain(new).collect()
}

/// Whether inline scripts run: not so beside a nonce or a hash, which browsers prefer.
fn lets_inline(sources: &Item) -> bool {
    let mut words: Vec<&str> =
        sources.value.items().unwrap_or_default().iter().filter_map(|item| item.value.text()).collect();
    words.extend(sources.value.text().into_iter().flat_map(str::split_whitespace));
    let is_strict = |word: &&str| word.contains("nonce") || word.contains("NONCE") || word.starts_with("'sha");
    words.iter().any(|word| word.eq_ignore_ascii_case("'unsafe-inline'")) && !words.iter().any(is_strict)
}
