//! Logins use Digest.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Rfc, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// Logins use Digest.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "auth-digest",
        title: "Logins use Digest",
        why: "Digest is MD5 and keeps on the server what is as good as the password. Over TLS Basic with a good hash \
              is better, and browsers drop Digest.",
        fix: &[(Apache, "AuthType Basic")],
        references: &[
            Rfc(7616, "5.12"),
            Spec("Apache: AuthType", "https://httpd.apache.org/docs/2.4/mod/mod_authn_core.html#authtype"),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Low,
    bad: Example::File(Format::Htaccess, "AuthType Digest"),
    good: Example::File(Format::Htaccess, "AuthType Basic"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("authtype").filter(|node| node.says("digest")) {
            seen.at(node, "MD5, and passwords that are as good as plain").own("apache:auth-digest");
        }
    });
}
