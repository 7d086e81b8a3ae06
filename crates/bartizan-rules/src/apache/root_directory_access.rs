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
        let closes = Safety::Risky("what no other section opens is closed");
        let sections: Vec<_> = apache.each("directory").filter(|section| section.arg(0) == Some("/")).collect();
        let Some(section) = sections.last().copied() else {
            if apache.is_whole() {
                let said = seen.at(apache.root(), "no section closes the root");
                said.own("apache:root-directory-access");
                said.edit(apache.with_line("<Directory />\n    Require all denied\n</Directory>", closes));
            }
            return;
        };
        let is_open = |node: &At<'_>| {
            let second = |word: &str| node.arg(1).is_some_and(|arg| arg.eq_ignore_ascii_case(word));
            match node.name() {
                "require" => node.says("all") && second("granted"),
                "allow" => node.says("from") && second("all"),
                _ => false,
            }
        };
        let opens = sections.iter().rev().find_map(|section| section.children().rfind(is_open));
        match opens {
            Some(node) => {
                let said = seen.at(node, "everything is open");
                said.own("apache:root-directory-access");
                if node.is("require") {
                    said.edit(node.with_words("all denied", closes));
                }
            }
            None if !sections.iter().any(|section| apache.is_closed(*section)) && apache.is_whole() => {
                let said = seen.at(section, "nothing closes it");
                said.own("apache:root-directory-access");
                said.edit(section.with_child("Require all denied", closes));
            }
            None => {}
        }
    });
}
