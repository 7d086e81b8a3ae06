//! Files that are no scripts are run as scripts.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts;
use crate::facts::blocks::At;
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
            if node.arg(0).is_some_and(is_script) && node.args().skip(1).any(|ending| !is_usual(ending)) {
                seen.at(node, "files of this kind are run")
                    .own("apache:php-handler-upload")
                    .edit(node.without(Safety::Safe));
            }
        }
        for node in apache.each("sethandler").chain(apache.each("forcetype")) {
            if node.arg(0).is_some_and(is_script) && is_wide(apache, node) {
                seen.at(node, "files of every kind are run").own("apache:php-handler-upload");
            }
        }
    });
}

fn is_script(handler: &str) -> bool {
    let lower = handler.to_ascii_lowercase();
    // A page that shows the source runs nothing.
    (lower.contains("php") && !lower.contains("php-source")) || lower == "cgi-script"
}

fn is_usual(ending: &str) -> bool {
    let lower = ending.trim_start_matches('.').to_ascii_lowercase();
    USUAL.iter().any(|known| lower.starts_with(known))
}

/// Whether files that are no scripts by their names are run: by a pattern for others, or in a directory without one.
fn is_wide(apache: &facts::Apache, node: At<'_>) -> bool {
    match node.parents().find(|section| matches!(section.name(), "files" | "filesmatch")) {
        Some(section) => !section.args().any(|pattern| {
            let lower = pattern.to_ascii_lowercase();
            USUAL.iter().any(|known| lower.contains(known))
        }),
        None => apache.is_htaccess() && node.parent().is_some_and(At::is_root) && !node.says("cgi-script"),
    }
}

static USUAL: &[&str] = &["php", "phtml", "phar", "cgi", "pl", "py", "sh", "fcgi", "rb", "ph"];
