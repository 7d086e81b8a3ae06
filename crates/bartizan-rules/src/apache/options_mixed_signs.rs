//! Options with and without signs stand together.

use super::options;
use crate::explanation::Platform::Apache;
use crate::explanation::Reference::Spec;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Options with and without signs stand together.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "options-mixed-signs",
        title: "Options with and without signs stand together",
        why: "httpd refuses to start with such a line since 2.4. Older versions took it for something else than it \
              says.",
        fix: &[(Apache, "Options +Indexes +FollowSymLinks")],
        references: &[Spec("Apache: Options", "https://httpd.apache.org/docs/2.4/mod/core.html#options")],
    },
    topic: Topic::Apache,
    severity: Severity::High,
    bad: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Options Indexes +FollowSymLinks
</Directory>",
    ),
    good: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Options +Indexes +FollowSymLinks
</Directory>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("options").filter(|node| options::is_mixed(*node)) {
            seen.at(node, "some options have a sign and some have not")
                .own("apache:options-mixed-signs")
                .edit(node.with_words(&options::signed(node), Safety::Safe));
        }
    });
}
