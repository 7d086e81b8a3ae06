//! DNS promises a protocol that the server does not speak.

use crate::explanation::Platform::{Apache, Caddy, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// DNS promises a protocol that the server does not speak.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "service-record-wrong",
        title: "DNS promises a protocol that the server does not speak",
        why: "Browsers read the HTTPS record before they connect and begin with what it promises. What is not \
              spoken there costs every visitor a failed attempt, or the visit. The record often stays behind when \
              a site moves.",
        fix: &[
            (Apache, r#"# DNS: app.example. HTTPS 1 . alpn="h2""#),
            (Caddy, r#"# DNS: app.example. HTTPS 1 . alpn="h2""#),
            (Haproxy, r#"# DNS: app.example. HTTPS 1 . alpn="h2""#),
            (Nginx, r#"# DNS: app.example. HTTPS 1 . alpn="h2""#),
        ],
        references: &[Rfc(9460, "7.1")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("alpn: http/1.1\nhttps-record: h3, h2"),
    good: Example::Handshake("alpn: h2, http/1.1\nhttps-record: h3, h2"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let promised = server.services.iter().flatten().flat_map(|record| &record.alpn);
    let is_missing = |name: &&String| *name == "h2" && !server.alpn.is_empty() && !server.alpn.contains(name);
    if let Some(name) = promised.into_iter().find(is_missing) {
        findings.push(&RULE, at, format!("the HTTPS record has {name}, and the server does not choose it"));
    }
}
