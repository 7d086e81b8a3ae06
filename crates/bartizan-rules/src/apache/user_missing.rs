//! No user is set for the workers.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// No user is set for the workers.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "user-missing",
        title: "No user is set for the workers",
        why: "The default is the user with the number -1, who may be anybody on the system, or root where the server \
              was built so. Who serves requests should be nobody else.",
        fix: &[(Apache, "User www-data\nGroup www-data")],
        references: &[Spec("Apache: User", "https://httpd.apache.org/docs/2.4/mod/mod_unixd.html#user"), Cwe(250)],
    },
    topic: Topic::Apache,
    severity: Severity::High,
    bad: Example::File(
        Format::Apache,
        r"ServerRoot /etc/apache2
Listen 80",
    ),
    good: Example::File(
        Format::Apache,
        r"ServerRoot /etc/apache2
Listen 80
User www-data
Group www-data",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for name in ["User", "Group"] {
            if apache.is_whole() && apache.last(&name.to_lowercase()).is_none() {
                let said = seen.at(apache.root(), format_args!("{name} is not set"));
                said.own("apache:user-missing").edit(apache.with_line(&format!("{name} www-data"), Safety::Safe));
            }
        }
    });
}
