//! Doubled slashes stay.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Doubled slashes stay.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "merge-slashes-off",
        title: "Doubled slashes stay",
        why: "//admin and /admin are then two addresses for nginx and one for most apps. A rule for a location is \
              passed by with one more slash.",
        fix: &[(Nginx, "merge_slashes on;")],
        references: &[
            Spec("nginx: merge_slashes", "https://nginx.org/en/docs/http/ngx_http_core_module.html#merge_slashes"),
            Cwe(22),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    merge_slashes off;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    merge_slashes on;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("merge_slashes").filter(|node| node.says("off")) {
            seen.at(node, "//admin is not /admin").own("nginx:merge-slashes").edit(node.with_word(
                0,
                "on",
                Safety::Safe,
            ));
        }
    });
}
