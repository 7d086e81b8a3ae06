//! HSTS asks for preloading and cannot be preloaded.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::Spec;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};
use bartizan_headers::{Field, Hsts};

/// HSTS asks for preloading and cannot be preloaded.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-preload-ineligible",
        title: "HSTS asks for preloading and cannot be preloaded",
        why: "The list takes only sites with a max-age of a year and includeSubDomains. The word preload does nothing \
              but harm: whoever submits the site later does so without being asked.",
        fix: &[
            (Apache, r#"Header always set Strict-Transport-Security "max-age=63072000; includeSubDomains; preload""#),
            (Nginx, r#"add_header Strict-Transport-Security "max-age=63072000; includeSubDomains; preload" always;"#),
        ],
        references: &[Spec(
            "HSTS preload list: submission requirements",
            "https://hstspreload.org/#submission-requirements",
        )],
    },
    topic: Topic::Servers,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r#"server {
    add_header Strict-Transport-Security "max-age=3600; preload" always;
}"#,
    ),
    good: Example::File(
        Format::Nginx,
        r#"server {
    add_header Strict-Transport-Security "max-age=63072000; includeSubDomains; preload" always;
}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "strict-transport-security" && is_ineligible(&line.value) {
            let said = seen.at(line.node(), "a year and includeSubDomains are asked for");
            said.own(line.authority.id("hsts-preload-ineligible"))
                .edit(line.with_value(&without_preload(&line.value), Safety::Safe));
        }
    });
}

fn is_ineligible(value: &str) -> bool {
    let Some(hsts) = Hsts::parse(&[value]).value else { return false };
    let lower = value.to_ascii_lowercase();
    let has = |word: &str| lower.split(';').any(|part| part.trim() == word);
    has("preload") && (hsts.max_age.as_secs() < YEAR || !has("includesubdomains"))
}

fn without_preload(value: &str) -> String {
    let parts = value.split(';').map(str::trim);
    let kept: Vec<_> = parts.filter(|part| !part.is_empty() && !part.eq_ignore_ascii_case("preload")).collect();
    kept.join("; ")
}

const YEAR: u64 = 31_536_000;
