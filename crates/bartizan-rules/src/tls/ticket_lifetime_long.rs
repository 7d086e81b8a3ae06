//! Session tickets are good for long.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Session tickets are good for long.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "ticket-lifetime-long",
        title: "Session tickets are good for long",
        why: "A ticket is everything the server needs to go on with a session, sealed under one key for all. Until \
              that key changes, who steals it reads all sessions it sealed, fresh exchange of keys or not.",
        fix: &[
            (Apache, "SSLSessionTickets off"),
            (Haproxy, "ssl-default-bind-options no-tls-tickets"),
            (Nginx, "ssl_session_timeout 1h;"),
        ],
        references: &[Rfc(5077, "5.6"), Rfc(9325, "3.4")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("ticket-days: 30"),
    good: Example::Handshake("ticket-days: 1"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if let Some(lifetime) = server.resumption.ticket_lifetime.filter(|lifetime| *lifetime > WEEK) {
        findings.push(&RULE, at, format!("{} days", lifetime / 86_400));
    }
}

/// A week, the most that TLS 1.3 allows (RFC 8446, 4.6.1).
const WEEK: u32 = 7 * 86_400;
