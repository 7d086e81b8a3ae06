//! Idle connections are kept for long.

use crate::apache;
use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::nginx::quantity;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Idle connections are kept for long.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "keepalive-timeout-long",
        title: "Idle connections are kept for long",
        why: "Each takes memory, with Apache's older workers a whole process. Who opens many and sends nothing keeps \
              others out at no cost.",
        fix: &[(Apache, "KeepAliveTimeout 5"), (Nginx, "keepalive_timeout 75s;")],
        references: &[
            Spec(
                "nginx: keepalive_timeout",
                "https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout",
            ),
            Spec("Apache: KeepAliveTimeout", "https://httpd.apache.org/docs/2.4/mod/core.html#keepalivetimeout"),
            Cwe(400),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    keepalive_timeout 3600s;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    keepalive_timeout 75s;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("keepalive_timeout").filter(|node| node.within("upstream").is_none()) {
            if node.arg(0).and_then(quantity::seconds).is_some_and(|seconds| seconds > 300) {
                seen.at(node, "longer than five minutes").own("nginx:keepalive-timeout-long").edit(node.with_word(
                    0,
                    "75s",
                    Safety::Safe,
                ));
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |configuration, seen| {
        for node in configuration.each("keepalivetimeout") {
            if node.arg(0).and_then(apache::quantity::seconds).is_some_and(|seconds| seconds > 60) {
                seen.at(node, "longer than a minute").own("apache:keepalive-timeout").edit(node.with_word(
                    0,
                    "5",
                    Safety::Safe,
                ));
            }
        }
    });
}
