//! Headers with underscores are passed on.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Headers with underscores are passed on.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "underscores-in-headers",
        title: "Headers with underscores are passed on",
        why: "CGI and WSGI turn hyphens into underscores, so that X_Real_IP from a visitor and X-Real-IP from nginx \
              become one. The visitor then decides who he is. Without this switch nginx drops such headers.",
        fix: &[(Nginx, "underscores_in_headers off;")],
        references: &[
            Spec(
                "nginx: underscores_in_headers",
                "https://nginx.org/en/docs/http/ngx_http_core_module.html#underscores_in_headers",
            ),
            Cwe(444),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"http {
    underscores_in_headers on;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    underscores_in_headers off;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("underscores_in_headers").filter(|node| node.says("on")) {
            seen.at(node, "X_Real_IP and X-Real-IP are one for the app")
                .own("nginx:underscores-in-headers")
                .edit(node.with_word(0, "off", Safety::Risky("an app that needs such a header no longer gets it")));
        }
    });
}
