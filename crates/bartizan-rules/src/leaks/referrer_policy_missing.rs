//! How much of an address is told to others is left to the browser.

use super::fixes;
use bartizan_headers::ReferrerPolicy;

use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::finding::absence;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// How much of an address is told to others is left to the browser.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "referrer-policy-missing",
        title: "How much of an address is told to others is left to the browser",
        why: "Addresses of pages carry names, search words and sometimes one-time links. Browsers of today send \
              only the origin to other sites, older ones the whole address. A policy makes it the same for all.",
        fix: fixes::REFERRER_POLICY,
        references: &[
            Spec("Referrer Policy", "https://www.w3.org/TR/referrer-policy/"),
            Cwe(200),
            Mdn("Referrer-Policy"),
        ],
    },
    topic: Topic::Leaks,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html"),
    good: Example::Response("Content-Type: text/html\nReferrer-Policy: strict-origin-when-cross-origin"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.documents() {
        let parsed = seen.value.field::<ReferrerPolicy>();
        if parsed.value.is_none() {
            findings.push(&RULE, &seen.at, absence("Referrer-Policy", &parsed));
        }
    }
    sightings::declared(&RULE, facts, findings, |server, seen| {
        if server.has_pages && !server.sends("referrer-policy") {
            let said = seen.at(server.node(), "Referrer-Policy is not sent");
            said.own(server.authority.id("referrer-missing"));
            said.edits(server.with("Referrer-Policy", "strict-origin-when-cross-origin", Safety::Safe));
        }
    });
}
