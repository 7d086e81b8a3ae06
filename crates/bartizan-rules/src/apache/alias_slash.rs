//! An alias and its folder end differently.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// An alias and its folder end differently.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "alias-slash",
        title: "An alias and its folder end differently",
        why: "With `Alias /icons /srv/icons/` the address /iconsx becomes /srv/icons/x. Either both end with a slash \
              or none does.",
        fix: &[(Apache, "Alias /icons/ /usr/share/apache2/icons/")],
        references: &[Spec("Apache: Alias", "https://httpd.apache.org/docs/2.4/mod/mod_alias.html#alias"), Cwe(22)],
    },
    topic: Topic::Apache,
    severity: Severity::Low,
    bad: Example::File(Format::Apache, "Alias /icons /srv/icons/"),
    good: Example::File(Format::Apache, "Alias /icons/ /srv/icons/"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("alias").filter(|node| {
            node.arg(0).is_some_and(|from| !from.ends_with('/')) && node.arg(1).is_some_and(|to| to.ends_with('/'))
        }) {
            seen.at(node, "one of the two ends with a slash").own("apache:alias-slash").edit(node.with_word(
                0,
                &format!("{}/", node.arg(0).unwrap_or_default()),
                Safety::Safe,
            ));
        }
    });
}
