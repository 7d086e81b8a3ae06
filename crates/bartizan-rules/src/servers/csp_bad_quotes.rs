//! The policy has typographic quotes.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The policy has typographic quotes.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-bad-quotes",
        title: "The policy has typographic quotes",
        why: "Text processors and web pages turn straight quotes into curly ones. Browsers take ‘self’ for the name \
              of a host and ignore it, so that the policy either allows nothing or, where another source stands \
              beside it, not what it says.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "default-src 'self'""#),
            (Nginx, r#"add_header Content-Security-Policy "default-src 'self'" always;"#),
        ],
        references: &[
            Mdn("Content-Security-Policy"),
            Spec("CSP: source lists", "https://www.w3.org/TR/CSP3/#framework-directive-source-list"),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r#"server {
    add_header Content-Security-Policy "default-src ‘self’" always;
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
        if line.name.starts_with("content-security-policy") && line.value.contains(['‘', '’', '“', '”', '´', '`'])
        {
            let said = seen.at(line.node(), "quotes that browsers do not know");
            said.own(line.authority.id("csp-bad-quote"))
                .edit(line.with_value(&line.value.replace(['‘', '’', '“', '”', '´', '`'], "'"), Safety::Safe));
        }
    });
}
