//! Stapling is on and has no cache.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::Spec;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Stapling is on and has no cache.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "stapling-cache-missing",
        title: "Stapling is on and has no cache",
        why: "httpd does not start with stapling and without a place to keep the answers, once the module is loaded. \
              The next restart takes the site down.",
        fix: &[(Apache, r#"SSLStaplingCache "shmcb:logs/ssl_stapling(32768)""#)],
        references: &[Spec(
            "Apache: SSLStaplingCache",
            "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslstaplingcache",
        )],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(Format::Apache, "SSLUseStapling on"),
    good: Example::File(
        Format::Apache,
        r#"SSLUseStapling on
SSLStaplingCache "shmcb:logs/ssl_stapling(32768)""#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("sslusestapling").filter(|node| node.says("on")) {
            if apache.each("sslstaplingcache").next().is_none() {
                seen.at(node, "SSLStaplingCache is not set").own("apache:stapling-cache").edit(node.with_word(
                    0,
                    "off",
                    Safety::Safe,
                ));
            }
        }
    });
}
