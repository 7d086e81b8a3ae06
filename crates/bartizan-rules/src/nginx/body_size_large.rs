//! Very large bodies are taken.

use super::quantity;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Very large bodies are taken.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "body-size-large",
        title: "Very large bodies are taken",
        why: "nginx writes a body to its disk before the app sees it. A few visitors who send some gigabytes each \
              fill it, and with it the logs and whatever else lies there. A location that needs more can say so.",
        fix: &[(Nginx, "client_max_body_size 10m;")],
        references: &[
            Spec(
                "nginx: client_max_body_size",
                "https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size",
            ),
            Cwe(770),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    client_max_body_size 10g;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    client_max_body_size 10m;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx
            .each("client_max_body_size")
            .filter(|node| node.arg(0).and_then(quantity::bytes).is_some_and(|bytes| bytes >= 1 << 30))
        {
            seen.at(node, "a gigabyte and more").own("nginx:body-size-large").edit(node.with_word(
                0,
                "100m",
                Safety::Risky("larger uploads are refused"),
            ));
        }
    });
}
