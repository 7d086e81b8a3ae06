//! Home directories are served.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Home directories are served.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "user-directories",
        title: "Home directories are served",
        why: "/~root and the like answer differently for names that exist, so that accounts can be guessed. What \
              users put there runs on the server's name.",
        fix: &[(Apache, "UserDir disabled")],
        references: &[
            Spec("Apache: UserDir", "https://httpd.apache.org/docs/2.4/mod/mod_userdir.html#userdir"),
            Cwe(200),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(Format::Apache, "UserDir public_html"),
    good: Example::File(Format::Apache, "UserDir disabled"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("userdir").filter(|node| !node.args().any(|arg| arg.eq_ignore_ascii_case("disabled"))) {
            seen.at(node, "/~name shows who has an account")
                .own("apache:userdir")
                .edit(node.with_words("disabled", Safety::Risky("pages of users have no address any more")));
        }
    });
}
