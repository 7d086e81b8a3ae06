//! HSTS is not sent.

use super::fixes;
use bartizan_headers::Hsts;

use crate::explanation::Reference::{Cwe, Mdn, Rfc};
use crate::facts::declared::Declared;
use crate::finding::absence;
use crate::sightings;
use crate::sightings::Sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// HSTS is not sent.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-missing",
        title: "HSTS is not sent",
        why: "Without HSTS a browser tries plain HTTP whenever an address is typed or linked without https. \
              Whoever sits on the network can answer that first request, keep the visitor on HTTP and read all \
              that follows. A redirect to HTTPS does not help, for it is the redirect that gets replaced.",
        fix: fixes::HSTS,
        references: &[Rfc(6797, "2.3.1"), Cwe(319), Mdn("Strict-Transport-Security")],
    },
    topic: Topic::Transport,
    severity: Severity::Medium,
    bad: Example::Response("Content-Type: text/html"),
    good: Example::Response("Strict-Transport-Security: max-age=63072000"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.secure_responses() {
        let parsed = seen.value.field::<Hsts>();
        if parsed.value.is_none() {
            findings.push(&RULE, &seen.at, absence("Strict-Transport-Security", &parsed));
        }
    }
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for server in nginx.declared().iter().filter(|server| !server.sends("strict-transport-security")) {
            missing(server, seen);
        }
        crate::nginx::hsts::missing(nginx, seen);
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for server in apache.declared().iter().filter(|server| !server.sends("strict-transport-security")) {
            missing(server, seen);
        }
    });
}

fn missing(server: &Declared, seen: &mut Sightings) {
    let said = seen.at(server.node(), "Strict-Transport-Security is not sent");
    said.own(server.authority.id("hsts-missing"));
    let why = "visitors cannot come back to plain HTTP for as long";
    said.edits(server.with("Strict-Transport-Security", "max-age=63072000", Safety::Risky(why)));
}
