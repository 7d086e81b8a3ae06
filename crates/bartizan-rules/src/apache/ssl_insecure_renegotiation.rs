//! Renegotiation without protection is allowed.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Rfc, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Renegotiation without protection is allowed.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "ssl-insecure-renegotiation",
        title: "Renegotiation without protection is allowed",
        why: "Somebody between can put his own request before that of the visitor, who pays for it with his login. \
              Clients that need this are older than 2010.",
        fix: &[(Apache, "SSLInsecureRenegotiation off")],
        references: &[
            Spec(
                "Apache: SSLInsecureRenegotiation",
                "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslinsecurerenegotiation",
            ),
            Rfc(5746, ""),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(Format::Apache, "SSLInsecureRenegotiation on"),
    good: Example::File(Format::Apache, "SSLInsecureRenegotiation off"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("sslinsecurerenegotiation").filter(|node| node.says("on")) {
            seen.at(node, "old renegotiation is allowed").own("apache:ssl-renegotiation").edit(node.with_word(
                0,
                "Off",
                Safety::Safe,
            ));
        }
    });
}
