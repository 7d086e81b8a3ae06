//! The file system is not closed.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The file system is not closed.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "root-directory-access",
        title: "The file system is not closed",
        why: "What no section names is open to whoever finds an address for it, by an alias or a link. With the root \
              closed only what is opened is open.",
        fix: &[(Apache, "<Directory />\n    AllowOverride None\n    Require all denied\n</Directory>")],
        references: &[Spec("Apache: Directory", "https://httpd.apache.org/docs/2.4/mod/core.html#directory"), Cwe(552)],
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
<Directory />
    Require all denied
</Directory>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        let root = apache.each("directory").find(|section| section.arg(0) == Some("/"));
        let is = |section: At<'_>, word: &str| {
            section
                .each("require")
                .any(|it| it.says("all") && it.arg(1).is_some_and(|arg| arg.eq_ignore_ascii_case(word)))
        };
        match root {
            Some(section) if is(section, "granted") => {
                let require = section.last("require").unwrap_or(section);
                let said = seen.at(require, "everything is open");
                said.own("apache:root-directory-access")
                    .edit(require.with_words("all denied", Safety::Risky("what no other section opens is closed")));
            }
            Some(section) if !is(section, "denied") && apache.is_whole() => {
                let said = seen.at(section, "nothing closes it");
                said.own("apache:root-directory-access");
                said.edit(
                    section.with_child("Require all denied", Safety::Risky("what no other section opens is closed")),
                );
            }
            None if apache.is_whole() => {
                let said = seen.at(apache.root(), "no section closes the root");
                said.own("apache:root-directory-access");
                said.edit(apache.with_line(
                    "<Directory />\n    Require all denied\n</Directory>",
                    Safety::Risky("what no other section opens is closed"),
                ));
            }
            _ => {}
        }
    });
}
