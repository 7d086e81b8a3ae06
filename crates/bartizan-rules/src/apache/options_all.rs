//! All options are granted to a directory.

use super::options;
use crate::explanation::Platform::Apache;
use crate::explanation::Reference::Spec;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// All options are granted to a directory.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "options-all",
        title: "All options are granted to a directory",
        why: "All means lists of files, scripts of any kind and server-side includes. Each opens a way that the site \
              does not need, and an upload can use.",
        fix: &[(Apache, "Options FollowSymLinks")],
        references: &[Spec("Apache: Options", "https://httpd.apache.org/docs/2.4/mod/core.html#options")],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Options All
</Directory>",
    ),
    good: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Options FollowSymLinks
</Directory>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in options::granting(apache, &["all"]) {
            seen.at(node, "everything but MultiViews is granted").own("apache:options-all").edit(
                node.with_words(
                    "FollowSymLinks",
                    Safety::Risky("lists of files, scripts and includes are switched off"),
                ),
            );
        }
    });
}
