//! Every origin that asks is allowed.

use super::fixes;
use crate::explanation::Reference::{Cwe, Mdn};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// Every origin that asks is allowed.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-reflected",
        title: "Every origin that asks is allowed",
        why: "Whoever asks is told that he may read the answer. Any page that a visitor opens can so read the site in \
              his name, and with credentials as he sees it when logged in.",
        fix: fixes::NAMED_ORIGINS,
        references: &[Mdn("Access-Control-Allow-Origin"), Cwe(942)],
    },
    topic: Topic::Servers,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"server {
    add_header Access-Control-Allow-Origin $http_origin always;
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
        let is_reflected = matches!(
            &*line.value.to_ascii_lowercase(),
            "$http_origin" | "${http_origin}" | "%{http_origin}e" | "%{origin}i"
        );
        if line.name == "access-control-allow-origin" && is_reflected && !line.is_conditional() {
            let said = seen.at(line.node(), "the origin that asks is the one that is allowed");
            said.own(line.authority.id("cors-reflect"));
        }
    });
}
