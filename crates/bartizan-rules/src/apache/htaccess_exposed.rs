//! Files of directories can be fetched.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Files of directories can be fetched.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "htaccess-exposed",
        title: "Files of directories can be fetched",
        why: ".htaccess and .htpasswd then have an address like any file. The one shows how the site is protected, \
              the other the hashes of its passwords.",
        fix: &[(
            Apache,
            r#"<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>"#,
        )],
        references: &[
            Spec("Apache: FilesMatch", "https://httpd.apache.org/docs/2.4/mod/core.html#filesmatch"),
            Cwe(552),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Apache,
        r"ServerRoot /etc/apache2
Listen 80",
    ),
    good: Example::File(
        Format::Apache,
        r#"ServerRoot /etc/apache2
Listen 80
<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        let names = |section: &At<'_>| section.args().any(|arg| arg.contains(".ht"));
        let sections = apache.each("filesmatch").chain(apache.each("files")).filter(names);
        if apache.is_whole() && !sections.flat_map(At::children).any(|child| matches!(child.name(), "require" | "deny"))
        {
            let said = seen.at(apache.root(), "no section closes .htaccess and .htpasswd");
            said.own("apache:htaccess-exposed");
            said.edit(apache.with_line("<FilesMatch \"^\\.ht\">\n    Require all denied\n</FilesMatch>", Safety::Safe));
        }
    });
}
