//! Slow clients are waited for.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::nginx::quantity;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Slow clients are waited for.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "client-timeout-long",
        title: "Slow clients are waited for",
        why: "A client that sends a byte now and then keeps a connection for as long as the server waits. A few \
              hundred of them, from one machine, and nobody else gets in.",
        fix: &[(Apache, "Timeout 60"), (Nginx, "client_header_timeout 15s;\nclient_body_timeout 15s;")],
        references: &[
            Spec(
                "nginx: client_body_timeout",
                "https://nginx.org/en/docs/http/ngx_http_core_module.html#client_body_timeout",
            ),
            Spec("Apache: Timeout", "https://httpd.apache.org/docs/2.4/mod/core.html#timeout"),
            Cwe(400),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    client_header_timeout 600s;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    client_header_timeout 15s;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for node in ["client_header_timeout", "client_body_timeout", "send_timeout"]
            .into_iter()
            .flat_map(|name| nginx.each(name))
        {
            if node.arg(0).and_then(quantity::seconds).is_some_and(|seconds| seconds > 120) {
                seen.at(node, "longer than two minutes").own("nginx:client-timeout-long").edit(node.with_word(
                    0,
                    "60s",
                    Safety::Safe,
                ));
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("timeout") {
            if node.arg(0).and_then(|arg| arg.parse::<u64>().ok()).is_some_and(|seconds| seconds == 0 || seconds > 60) {
                seen.at(node, "longer than a minute").own("apache:timeout").edit(node.with_word(0, "60", Safety::Safe));
            }
        }
    });
}
