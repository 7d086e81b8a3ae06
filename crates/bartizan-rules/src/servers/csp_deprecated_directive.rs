//! The policy has a directive that is gone.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::Mdn;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The policy has a directive that is gone.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-deprecated-directive",
        title: "The policy has a directive that is gone",
        why: "block-all-mixed-content, plugin-types, referrer, reflected-xss and prefetch-src are no longer known to \
              browsers. They protect nothing, and whoever reads the policy may think otherwise.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "default-src 'self'""#),
            (Nginx, r#"add_header Content-Security-Policy "default-src 'self'" always;"#),
        ],
        references: &[Mdn("Content-Security-Policy")],
    },
    topic: Topic::Servers,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r#"server {
    add_header Content-Security-Policy "default-src 'self'; block-all-mixed-content" always;
}"#,
    ),
    good: Example::File(
        Format::Nginx,
        r#"server {
    add_header Content-Security-Policy "default-src 'self'" always;
}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name.starts_with("content-security-policy") && !gone(&line.value).is_empty() {
            let said = seen.at(line.node(), format!("gone: {}", gone(&line.value).join(", ")));
            said.own(&line.authority.id("csp-deprecated-directive"))
                .edit(line.with_value(&without(&line.value), Safety::Safe));
        }
    });
}

fn is_gone(directive: &str) -> bool {
    let name = directive.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    matches!(
        &*name,
        "block-all-mixed-content" | "plugin-types" | "referrer" | "reflected-xss" | "prefetch-src" | "require-sri-for"
    )
}

fn gone(policy: &str) -> Vec<&str> {
    policy.split(';').map(str::trim).filter(|directive| is_gone(directive)).collect()
}

fn without(policy: &str) -> String {
    let kept = policy.split(';').map(str::trim).filter(|directive| !directive.is_empty() && !is_gone(directive));
    kept.collect::<Vec<_>>().join("; ")
}
