//! Protocols are negotiated as before ALPN.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Protocols are negotiated as before ALPN.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "next-protocol-offered",
        title: "Protocols are negotiated as before ALPN",
        why: "NPN was a draft that browsers took out in 2016, when ALPN had become the standard. No visitor uses \
              it. That it is still there tells of a TLS library that has not been renewed for years.",
        fix: &[
            (Apache, "# renew OpenSSL and drop patches of NPN; ALPN needs no setting"),
            (Haproxy, "# renew OpenSSL and drop patches of NPN; ALPN needs no setting"),
            (Nginx, "# renew OpenSSL and drop patches of NPN; ALPN needs no setting"),
        ],
        references: &[Rfc(7301, "1")],
    },
    topic: Topic::Tls,
    severity: Severity::Info,
    bad: Example::Handshake("npn: yes"),
    good: Example::Handshake("npn: no"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.npn == Some(true) {
        findings.push(&RULE, at, "the extension of the old draft is answered");
    }
}
