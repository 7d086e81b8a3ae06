//! A login or an address is enough.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A login or an address is enough.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "satisfy-any",
        title: "A login or an address is enough",
        why: "Who comes from an allowed address needs no login, and behind a proxy or in a shared net that is \
              anybody. Often both were meant.",
        fix: &[(Apache, "Satisfy All")],
        references: &[
            Spec("Apache: Satisfy", "https://httpd.apache.org/docs/2.4/mod/mod_access_compat.html#satisfy"),
            Cwe(287),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(Format::Htaccess, "Satisfy Any"),
    good: Example::File(Format::Htaccess, "Satisfy All"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("satisfy").filter(|node| node.says("any")) {
            seen.at(node, "either is enough").own("apache:satisfy-any").edit(node.with_word(
                0,
                "All",
                Safety::Risky("who had only one of the two is refused"),
            ));
        }
    });
}
