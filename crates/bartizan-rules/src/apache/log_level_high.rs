//! Errors are not logged.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Errors are not logged.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "log-level-high",
        title: "Errors are not logged",
        why: "Refused logins, missing files and failing scripts leave no trace then. An attack shows in them first.",
        fix: &[(Apache, "LogLevel warn")],
        references: &[Spec("Apache: LogLevel", "https://httpd.apache.org/docs/2.4/mod/core.html#loglevel"), Cwe(778)],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(Format::Apache, "LogLevel emerg"),
    good: Example::File(Format::Apache, "LogLevel warn"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache
            .each("loglevel")
            .filter(|node| node.args().any(|arg| matches!(&*arg.to_ascii_lowercase(), "emerg" | "alert" | "crit")))
        {
            seen.at(node, "errors are not logged").own("apache:log-level").edit(node.with_words("warn", Safety::Safe));
        }
    });
}
