//! A directive stands where it is not allowed.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::Spec;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A directive stands where it is not allowed.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "directive-not-in-htaccess",
        title: "A directive stands where it is not allowed",
        why: "httpd answers every request to this directory with 500 as long as the line is there. It belongs into \
              the configuration of the server.",
        fix: &[(Apache, "# in httpd.conf, not in .htaccess")],
        references: &[Spec("Apache: contexts", "https://httpd.apache.org/docs/2.4/mod/directive-dict.html#Context")],
    },
    topic: Topic::Apache,
    severity: Severity::High,
    bad: Example::File(Format::Htaccess, "ServerTokens Prod"),
    good: Example::File(Format::Htaccess, "Options -Indexes"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.misplaced() {
            let said = seen.at(node, "only allowed in the configuration of the server");
            said.own("apache:directive-context").edit(node.without(Safety::Safe));
        }
    });
}
