//! Anybody can write files.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Anybody can write files.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "dav-open",
        title: "Anybody can write files",
        why: "WebDAV without a login lets any visitor put, move and delete files. A script put there runs with the \
              rights of the server.",
        fix: &[(
            Apache,
            "<Directory /srv/dav>\n    Dav On\n    AuthType Basic\n    AuthName dav\n    Require valid-user\n</Directory>",
        )],
        references: &[Spec("Apache: Dav", "https://httpd.apache.org/docs/2.4/mod/mod_dav.html#dav"), Cwe(306)],
    },
    topic: Topic::Apache,
    severity: Severity::High,
    bad: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Dav On
</Directory>",
    ),
    good: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Dav On
    Require valid-user
</Directory>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("dav").filter(|node| !node.says("off") && !apache.is_guarded(*node)) {
            seen.at(node, "anybody can write").own("apache:dav-open").edit(node.with_word(
                0,
                "Off",
                Safety::Risky("nobody can write there any more"),
            ));
        }
    });
}
