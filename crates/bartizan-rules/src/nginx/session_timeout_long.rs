//! TLS sessions live for more than a day.

use super::quantity;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// TLS sessions live for more than a day.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-timeout-long",
        title: "TLS sessions live for more than a day",
        why: "Whoever gets the key of a resumed session can read all that was sent with it. The longer a session \
              lives, the longer that key lies in memory.",
        fix: &[(Nginx, "ssl_session_timeout 1d;")],
        references: &[
            Spec(
                "nginx: ssl_session_timeout",
                "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_session_timeout",
            ),
            Spec("Mozilla: Server Side TLS", "https://wiki.mozilla.org/Security/Server_Side_TLS"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_session_timeout 2d;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_session_timeout 1d;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("ssl_session_timeout") {
            if node.arg(0).and_then(quantity::seconds).is_some_and(|seconds| seconds > 86_400) {
                seen.at(node, "longer than a day").own("nginx:session-timeout").edit(node.with_word(
                    0,
                    "1d",
                    Safety::Safe,
                ));
            }
        }
    });
}
