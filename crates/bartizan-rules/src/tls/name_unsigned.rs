//! The records of the name are not signed.

use crate::explanation::Platform::{Apache, Caddy, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The records of the name are not signed.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "name-unsigned",
        title: "The records of the name are not signed",
        why: "Without DNSSEC, who can answer faster than DNS can send visitors and authorities elsewhere. \
              Authorities look at a name over DNS before they issue a certificate for it, so a forged answer can \
              become a certificate that browsers trust. They ask from several places by now, which makes it hard, \
              and signatures make it impossible.",
        fix: &[
            (Apache, "# DNS: let the provider sign the zone, then give its DS record to the registrar"),
            (Caddy, "# DNS: let the provider sign the zone, then give its DS record to the registrar"),
            (Haproxy, "# DNS: let the provider sign the zone, then give its DS record to the registrar"),
            (Nginx, "# DNS: let the provider sign the zone, then give its DS record to the registrar"),
        ],
        references: &[Rfc(9364, "")],
    },
    topic: Topic::Tls,
    severity: Severity::Info,
    bad: Example::Handshake("name-signed: no"),
    good: Example::Handshake("name-signed: yes"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.is_name_signed == Some(false) {
        findings.push(&RULE, at, "DNS says the root is signed, and not this name");
    }
}
