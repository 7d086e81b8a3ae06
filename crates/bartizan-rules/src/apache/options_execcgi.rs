//! Programs in a directory are run.

use super::options;
use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Programs in a directory are run.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "options-execcgi",
        title: "Programs in a directory are run",
        why: "Where programs are run, no upload may land. A directory of its own, outside of what is served, holds \
              them with ScriptAlias.",
        fix: &[(Apache, "ScriptAlias /cgi-bin/ /usr/lib/cgi-bin/")],
        references: &[Spec("Apache: Options", "https://httpd.apache.org/docs/2.4/mod/core.html#options"), Cwe(434)],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Options +ExecCGI
</Directory>",
    ),
    good: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Options -ExecCGI
</Directory>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in options::granting(apache, &["execcgi"]) {
            seen.at(node, "programs in this directory are run").own("apache:options-execcgi").edit(options::without(
                node,
                "execcgi",
                Safety::Risky("the programs in it are no longer run"),
            ));
        }
    });
}
