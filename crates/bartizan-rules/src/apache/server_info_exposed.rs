//! The page with the configuration is open.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// The page with the configuration is open.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "server-info-exposed",
        title: "The page with the configuration is open",
        why: "server-info shows all modules, directives and paths. It is a map for an attacker. Nobody but those who \
              run the server needs it.",
        fix: &[(Apache, "Require local")],
        references: &[
            Spec("Apache: mod_info", "https://httpd.apache.org/docs/2.4/mod/mod_info.html#mod_info"),
            Cwe(200),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Apache,
        r"<Location /server-info>
    SetHandler server-info
    Require all granted
</Location>",
    ),
    good: Example::File(
        Format::Apache,
        r"<Location /server-info>
    SetHandler server-info
    Require local
</Location>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("sethandler").filter(|node| node.says("server-info") && !apache.is_guarded(*node)) {
            seen.at(node, "anybody can read it").own("apache:info-exposed").edit(apache.guard(node));
        }
    });
}
