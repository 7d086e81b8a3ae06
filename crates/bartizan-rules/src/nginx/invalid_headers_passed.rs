//! Invalid headers are passed on.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Invalid headers are passed on.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "invalid-headers-passed",
        title: "Invalid headers are passed on",
        why: "Names with blanks or control characters are read in one way by nginx and in another by the app. With \
              such a difference requests can be smuggled, and checks passed by. nginx drops them by default.",
        fix: &[(Nginx, "ignore_invalid_headers on;")],
        references: &[
            Spec(
                "nginx: ignore_invalid_headers",
                "https://nginx.org/en/docs/http/ngx_http_core_module.html#ignore_invalid_headers",
            ),
            Cwe(444),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"http {
    ignore_invalid_headers off;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    ignore_invalid_headers on;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("ignore_invalid_headers").filter(|node| node.says("off")) {
            seen.at(node, "header names with strange characters are passed on")
                .own("nginx:ignore-invalid-headers")
                .edit(node.with_word(0, "on", Safety::Safe));
        }
    });
}
