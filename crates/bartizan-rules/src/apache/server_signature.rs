//! Error pages are signed with the version.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Error pages are signed with the version.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "server-signature",
        title: "Error pages are signed with the version",
        why: "An attacker who searches for servers with a known hole finds this one by any page that does not exist. \
              The signature helps nobody else.",
        fix: &[(Apache, "ServerSignature Off")],
        references: &[
            Spec("Apache: ServerSignature", "https://httpd.apache.org/docs/2.4/mod/core.html#serversignature"),
            Cwe(200),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Low,
    bad: Example::File(Format::Apache, "ServerSignature On"),
    good: Example::File(Format::Apache, "ServerSignature Off"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("serversignature").filter(|node| !node.says("off")) {
            seen.at(node, "pages that the server makes are signed")
                .own("apache:server-signature")
                .edit(node.with_word(0, "Off", Safety::Safe));
        }
    });
}
