//! Connections are closed after few requests.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Connections are closed after few requests.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "low-keepalive-requests",
        title: "Connections are closed after few requests",
        why: "After this many requests nginx closes the connection, and the browser has to shake hands again. A page \
              with many parts then takes several connections, each with the cost of TLS. Attackers open as many as \
              they like in any case.",
        fix: &[(Nginx, "keepalive_requests 1000;")],
        references: &[Spec(
            "nginx: keepalive_requests",
            "https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_requests",
        )],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"http {
    keepalive_requests 100;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    keepalive_requests 1000;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("keepalive_requests") {
            let Some(count) = node.arg(0).and_then(|count| count.parse::<i64>().ok()).filter(|count| *count < 1_000)
            else {
                continue;
            };
            let said = seen.at(node, format_args!("after {count} requests"));
            said.edit(node.with_word(0, "1000", Safety::Safe));
            if nginx.reader(Peer::Ng).sees(node) {
                said.peer(Peer::Ng, "low_keepalive_requests", "");
            }
            if nginx.reader(Peer::Next).sees(node) && count >= 0 && node.within("upstream").is_none() {
                said.peer(Peer::Next, "low_keepalive_requests", count.to_string());
            }
        }
    });
}
