//! TLS compresses what it sends.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cve, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// TLS compresses what it sends.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "ssl-compression",
        title: "TLS compresses what it sends",
        why: "The compressed length tells how alike a secret and something of the attacker are. Who makes the browser \
              ask often enough reads cookies letter by letter (CRIME).",
        fix: &[(Apache, "SSLCompression off")],
        references: &[
            Spec("Apache: SSLCompression", "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslcompression"),
            Cve("CVE-2012-4929"),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(Format::Apache, "SSLCompression on"),
    good: Example::File(Format::Apache, "SSLCompression off"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("sslcompression").filter(|node| node.says("on")) {
            seen.at(node, "CRIME reads cookies").own("apache:ssl-compression").edit(node.with_word(
                0,
                "Off",
                Safety::Safe,
            ));
        }
    });
}
