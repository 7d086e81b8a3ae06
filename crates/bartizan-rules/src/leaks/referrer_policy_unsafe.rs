//! Full addresses are told to other sites.

use super::fixes;
use bartizan_headers::ReferrerPolicy;
use bartizan_headers::referrer_policy::Leak;

use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Full addresses are told to other sites.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "referrer-policy-unsafe",
        title: "Full addresses are told to other sites",
        why: "The policy tells other sites the path and query of the page a visitor comes from. Password reset \
              links, search words and names of records end up in foreign logs.",
        fix: fixes::REFERRER_POLICY,
        references: &[
            Spec("Referrer Policy", "https://www.w3.org/TR/referrer-policy/"),
            Cwe(200),
            Mdn("Referrer-Policy"),
        ],
    },
    topic: Topic::Leaks,
    severity: Severity::Medium,
    bad: Example::Response("Content-Type: text/html\nReferrer-Policy: unsafe-url"),
    good: Example::Response("Content-Type: text/html\nReferrer-Policy: unsafe-url, same-origin"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.field::<ReferrerPolicy>() {
        let Some(policy) = seen.value.value else { continue };
        let [_, other_origins, _] = policy.leaks();
        if other_origins == Leak::Address {
            findings.push(&RULE, &seen.at, format!("the policy is {policy}"));
        }
    }
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "referrer-policy" && is_unsafe(&line.value) {
            let said = seen.at(line.node(), format_args!("{} sends the whole address to others", line.value));
            said.own(line.authority.id("referrer-unsafe"))
                .edit(line.with_value("strict-origin-when-cross-origin", Safety::Safe));
        }
    });
}

/// The last word that a browser knows counts; of a configuration all words are known.
fn is_unsafe(value: &str) -> bool {
    let last = value.split(',').map(str::trim).rfind(|word| !word.is_empty()).unwrap_or_default();
    last.eq_ignore_ascii_case("unsafe-url") || last.eq_ignore_ascii_case("no-referrer-when-downgrade")
}
