//! Files that are no scripts are run as scripts.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Files that are no scripts are run as scripts.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "php-handler-upload",
        title: "Files that are no scripts are run as scripts",
        why: "A picture that somebody uploads is run by PHP, and does what he wrote into it. Only files that are \
              scripts should be run, and none of those that visitors send.",
        fix: &[(Apache, "AddHandler application/x-httpd-php .php")],
        references: &[
            Spec("Apache: AddHandler", "https://httpd.apache.org/docs/2.4/mod/mod_mime.html#addhandler"),
            Cwe(434),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::High,
    bad: Example::File(Format::Htaccess, "AddHandler application/x-httpd-php .jpg"),
    good: Example::File(Format::Htaccess, "AddHandler application/x-httpd-php .php"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("addhandler").chain(apache.each("addtype")) {
            let is_script = node.arg(0).is_some_and(|handler| {
                handler.to_ascii_lowercase().contains("php") || handler.eq_ignore_ascii_case("cgi-script")
            });
            let usual = ["php", "phtml", "phar", "cgi", "pl", "py", "sh", "fcgi", "rb"];
            let is_usual = |ending: &str| {
                usual.iter().any(|known| ending.trim_start_matches('.').to_ascii_lowercase().starts_with(known))
            };
            if is_script && node.args().skip(1).any(|ending| !is_usual(ending)) {
                seen.at(node, "files of this kind are run")
                    .own("apache:php-handler-upload")
                    .edit(node.without(Safety::Safe));
            }
        }
    });
}
