//! Server-side includes may run programs.

use super::options;
use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Server-side includes may run programs.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "options-includes",
        title: "Server-side includes may run programs",
        why: "A page with `<!--#exec` runs a program of its own choice. Whoever gets such a line into a page, by an \
              upload or a comment, runs programs on the server. IncludesNOEXEC allows the rest.",
        fix: &[(Apache, "Options +IncludesNOEXEC")],
        references: &[Spec("Apache: Options", "https://httpd.apache.org/docs/2.4/mod/core.html#options"), Cwe(97)],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Options +Includes
</Directory>",
    ),
    good: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Options +IncludesNOEXEC
</Directory>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in options::granting(apache, &["includes"]) {
            seen.at(node, "included files may run programs").own("apache:options-includes").edit(options::without(
                node,
                "includes",
                Safety::Risky("pages that include by program lose that part"),
            ));
        }
    });
}
