//! Files in directories may change everything.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Files in directories may change everything.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "allow-override",
        title: "Files in directories may change everything",
        why: "Whoever can write one file below, by an upload or a hole in the app, changes what the server does: runs \
              scripts, opens what was closed. It also costs a look into every directory at each request.",
        fix: &[(Apache, "AllowOverride None")],
        references: &[
            Spec("Apache: AllowOverride", "https://httpd.apache.org/docs/2.4/mod/core.html#allowoverride"),
            Cwe(732),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    AllowOverride All
</Directory>",
    ),
    good: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    AllowOverride None
</Directory>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("allowoverride").filter(|node| node.args().any(|arg| arg.eq_ignore_ascii_case("all"))) {
            seen.at(node, "any .htaccess below may change everything")
                .own("apache:allow-override")
                .edit(node.with_words("None", Safety::Risky("what .htaccess files say no longer counts")));
        }
    });
}
