//! All origins are allowed, with credentials.

use super::fixes;
use crate::explanation::Reference::{Cwe, Mdn};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// All origins are allowed, with credentials.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-wildcard-credentials",
        title: "All origins are allowed, with credentials",
        why: "Browsers refuse the two together, so that the one page that needs it does not work. Whoever then mends \
              it by repeating the origin that asks opens the site to every page on the web, with the cookies of the \
              visitor.",
        fix: fixes::NAMED_ORIGINS,
        references: &[Mdn("Access-Control-Allow-Credentials"), Cwe(942)],
    },
    topic: Topic::Servers,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    add_header Access-Control-Allow-Origin * always;
    add_header Access-Control-Allow-Credentials true always;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    add_header Access-Control-Allow-Origin https://a.example always;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        let is_true = |name: &str, value: &str| line.beside(name).any(|it| it.eq_ignore_ascii_case(value));
        if line.name == "access-control-allow-credentials"
            && line.value.eq_ignore_ascii_case("true")
            && is_true("access-control-allow-origin", "*")
        {
            let said = seen.at(line.node(), "together with Access-Control-Allow-Origin: *");
            said.own(line.authority.id("cors-wildcard-credentials")).edit(line.without(Safety::Safe));
        }
    });
}
