//! The origin does not ask for a process of its own.

use bartizan_headers::cross_origin::OriginAgentCluster;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::finding::absence;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The origin does not ask for a process of its own.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "origin-agent-cluster-missing",
        title: "The origin does not ask for a process of its own",
        why: "Pages of one site may share a process with those of its sister hosts, and can loosen the border \
              between them by setting document.domain. Asking for an origin-keyed cluster closes that, and lets \
              the browser separate the memory, too.",
        fix: &[
            (Apache, r#"Header always set Origin-Agent-Cluster "?1""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Origin-Agent-Cluster "?1""#),
            (Django, r#"response.headers["Origin-Agent-Cluster"] = "?1"  # in a middleware"#),
            (Express, "app.use(helmet.originAgentCluster())"),
            (Haproxy, r#"http-response set-header Origin-Agent-Cluster "?1""#),
            (Nginx, r#"add_header Origin-Agent-Cluster "?1" always;"#),
        ],
        references: &[
            Spec(
                "WHATWG HTML, origin-keyed agent clusters",
                "https://html.spec.whatwg.org/multipage/browsers.html#origin-keyed-agent-clusters",
            ),
            Mdn("Origin-Agent-Cluster"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Info,
    bad: Example::Response("Content-Type: text/html"),
    good: Example::Response("Content-Type: text/html\nOrigin-Agent-Cluster: ?1"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.documents() {
        let parsed = seen.value.field::<OriginAgentCluster>();
        if parsed.value.is_none() {
            findings.push(&RULE, &seen.at, absence("Origin-Agent-Cluster", &parsed));
        }
    }
}
