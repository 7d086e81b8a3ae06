//! Any site may reach the app through a visitor's own network.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::Stranger;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Any site may reach the app through a visitor's own network.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-private-network",
        title: "Any site may reach the app through a visitor's own network",
        why: "The answer to a preflight lets public pages ask an app on a private network, through the browser \
              of somebody inside. Such apps often trust whoever reaches them. It is for devices that are meant \
              to be used from the web, and for named origins.",
        fix: &[
            (Apache, "Header always unset Access-Control-Allow-Private-Network"),
            (Bartizan, "# Leave Access-Control-Allow-Private-Network out in the app."),
            (Caddy, "header -Access-Control-Allow-Private-Network"),
            (Django, r#"response.headers.pop("Access-Control-Allow-Private-Network", None)  # in a middleware"#),
            (Express, r#"res.removeHeader("Access-Control-Allow-Private-Network")"#),
            (Haproxy, "http-response del-header Access-Control-Allow-Private-Network"),
            (Nginx, "proxy_hide_header Access-Control-Allow-Private-Network;"),
        ],
        references: &[Spec("Private Network Access", "https://wicg.github.io/private-network-access/"), Cwe(942)],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Medium,
    bad: Example::Exchange(
        "> OPTIONS https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: https://evil.test\n< Access-Control-Allow-Private-Network: true",
    ),
    good: Example::Exchange("> OPTIONS https://app.example/\n> Origin: https://evil.test\n< 200"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for answer in facts.cross_origin_answers().iter().filter(|answer| answer.stranger == Stranger::Foreign) {
        let names = ["access-control-allow-private-network", "access-control-allow-local-network"];
        if let Some(name) = names.into_iter().find(|name| answer.response.lines(name).next() == Some("true")) {
            findings.push(&RULE, &answer.response.at(), format!("{name}: true for {:?}", answer.origin));
        }
    }
}
