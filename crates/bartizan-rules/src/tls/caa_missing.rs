//! Any authority may issue for the name.

use crate::explanation::Platform::{Apache, Caddy, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Any authority may issue for the name.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "caa-missing",
        title: "Any authority may issue for the name",
        why: "A CAA record names the authorities that may issue certificates for a domain; all others must refuse. \
              Without one, the weakest of some hundred authorities decides who can pass for the site.",
        fix: &[
            (Apache, r#"# DNS: app.example. CAA 0 issue "letsencrypt.org""#),
            (Caddy, r#"# DNS: app.example. CAA 0 issue "letsencrypt.org""#),
            (Haproxy, r#"# DNS: app.example. CAA 0 issue "letsencrypt.org""#),
            (Nginx, r#"# DNS: app.example. CAA 0 issue "letsencrypt.org""#),
        ],
        references: &[Rfc(8659, "4")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("caa: none"),
    good: Example::Handshake(r#"caa: 0 issue "letsencrypt.org""#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.caa.as_ref().is_some_and(Vec::is_empty) {
        findings.push(&RULE, at, "no CAA record for the name or above it");
    }
}
