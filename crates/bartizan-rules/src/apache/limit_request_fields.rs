//! Any number of header lines is read.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Any number of header lines is read.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "limit-request-fields",
        title: "Any number of header lines is read",
        why: "Each line takes memory before anything is checked. 0 means no limit at all; browsers send some twenty.",
        fix: &[(Apache, "LimitRequestFields 100")],
        references: &[
            Spec("Apache: LimitRequestFields", "https://httpd.apache.org/docs/2.4/mod/core.html#limitrequestfields"),
            Cwe(770),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Low,
    bad: Example::File(Format::Apache, "LimitRequestFields 0"),
    good: Example::File(Format::Apache, "LimitRequestFields 100"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("limitrequestfields").filter(|node| {
            node.arg(0).and_then(|arg| arg.parse::<u32>().ok()).is_some_and(|count| count == 0 || count > 500)
        }) {
            seen.at(node, "so many header lines are read").own("apache:limit-request-fields").edit(node.with_word(
                0,
                "100",
                Safety::Safe,
            ));
        }
    });
}
