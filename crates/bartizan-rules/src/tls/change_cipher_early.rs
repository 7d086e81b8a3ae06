//! Keys can be changed before there are any.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::Cve;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Keys can be changed before there are any.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "change-cipher-early",
        title: "Keys can be changed before there are any",
        why: "A ChangeCipherSpec that comes too early makes old OpenSSL use keys made of nothing. Whoever sits \
              between two such programs reads and changes everything.",
        fix: &[
            (Apache, "# renew OpenSSL: 1.0.1h, 1.0.0m, 0.9.8za and later object"),
            (Haproxy, "# renew OpenSSL: 1.0.1h, 1.0.0m, 0.9.8za and later object"),
            (Nginx, "# renew OpenSSL: 1.0.1h, 1.0.0m, 0.9.8za and later object"),
        ],
        references: &[Cve("CVE-2014-0224")],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("early-ccs: yes"),
    good: Example::Handshake("early-ccs: no"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.early_ccs == Some(true) {
        findings.push(&RULE, at, "ChangeCipherSpec was taken before the exchange of keys");
    }
}
