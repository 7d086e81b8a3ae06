//! PHP shows its errors to visitors.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// PHP shows its errors to visitors.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "php-display-errors",
        title: "PHP shows its errors to visitors",
        why: "Messages hold paths, queries and now and then a password. They tell an attacker what to try next.",
        fix: &[(Apache, "php_flag display_errors off")],
        references: &[
            Spec("PHP: display_errors", "https://www.php.net/manual/en/errorfunc.configuration.php#ini.display-errors"),
            Cwe(209),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(Format::Htaccess, "php_flag display_errors on"),
    good: Example::File(Format::Htaccess, "php_flag display_errors off"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        let names = ["php_flag", "php_value", "php_admin_flag", "php_admin_value"];
        for node in apache.blocks().all().filter(|node| names.contains(&node.name()) && node.says("display_errors")) {
            if node
                .arg(1)
                .is_some_and(|value| matches!(&*value.to_ascii_lowercase(), "on" | "1" | "true" | "yes" | "stdout"))
            {
                seen.at(node, "display_errors is on").own("apache:php-display-errors").edit(node.with_word(
                    1,
                    "off",
                    Safety::Safe,
                ));
            }
        }
    });
}
