//! SSL is still spoken.

use super::fixes;
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::TlsVersion;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// SSL is still spoken.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "ssl-enabled",
        title: "SSL is still spoken",
        why: "SSL 2.0 and 3.0 were broken for good: POODLE reads what SSL 3.0 encrypts, and DROWN uses SSL 2.0 to \
              read what newer versions encrypted with the same key. A server that has them puts even visitors at \
              risk whose browsers have long forgotten both.",
        fix: fixes::MODERN_VERSIONS,
        references: &[Rfc(6176, ""), Rfc(7568, ""), Cve("CVE-2014-3566"), Cve("CVE-2016-0800")],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("versions: SSL 3.0, TLS 1.2"),
    good: Example::Handshake("versions: TLS 1.2, TLS 1.3"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    for version in [TlsVersion::Ssl2, TlsVersion::Ssl3] {
        if server.accepts(version) {
            findings.push(&RULE, at, format!("{version} is accepted"));
        }
    }
}
