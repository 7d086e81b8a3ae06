//! Browsers may guess the type of a response.

use bartizan_headers::content_type_options::NoSniff;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::finding::absence;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Browsers may guess the type of a response.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "nosniff-missing",
        title: "Browsers may guess the type of a response",
        why: "Where a script or style is asked for, a browser without nosniff accepts text of many other types. \
              An upload that is served as plain text, or an answer that quotes its request, can then be run as a \
              script.",
        fix: &[
            (Apache, r#"Header always set X-Content-Type-Options "nosniff""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header X-Content-Type-Options "nosniff""#),
            (Django, "SECURE_CONTENT_TYPE_NOSNIFF = True"),
            (Express, "app.use(helmet.noSniff())"),
            (Haproxy, r#"http-response set-header X-Content-Type-Options "nosniff""#),
            (Nginx, r#"add_header X-Content-Type-Options "nosniff" always;"#),
        ],
        references: &[
            Spec("WHATWG Fetch, nosniff", "https://fetch.spec.whatwg.org/#x-content-type-options-header"),
            Cwe(430),
            Mdn("X-Content-Type-Options"),
        ],
    },
    topic: Topic::Content,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html"),
    good: Example::Response("X-Content-Type-Options: nosniff"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        let parsed = seen.value.field::<NoSniff>();
        if parsed.value.is_none() {
            findings.push(&RULE, &seen.at, absence("X-Content-Type-Options", &parsed));
        }
    }
    sightings::declared(&RULE, facts, findings, |server, seen| {
        if !server.sends("x-content-type-options") {
            let said = seen.at(server.node(), "X-Content-Type-Options is not sent");
            said.own(server.authority.id("nosniff-missing"));
            said.edits(server.with("X-Content-Type-Options", "nosniff", Safety::Safe));
        }
    });
}
