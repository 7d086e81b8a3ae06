//! An answer for one origin may be given to another by a cache.

use http::Method;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// An answer for one origin may be given to another by a cache.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-vary-missing",
        title: "An answer for one origin may be given to another by a cache",
        why: "The answer names the origin that asked, and Vary does not say that it depends on it. A cache \
              hands it to the next one, who is then shut out, or let in. Vary: Origin belongs on all answers \
              that depend on the origin, also on those that name none.",
        fix: &[
            (Apache, r#"Header always set Vary "Origin""#),
            (Bartizan, "# Send Vary: Origin from the app."),
            (Caddy, r#"header Vary "Origin""#),
            (Django, r#"response.headers["Vary"] = "Origin"  # in a middleware"#),
            (Express, r#"res.set("Vary", "Origin")"#),
            (Haproxy, r#"http-response set-header Vary "Origin""#),
            (Nginx, r#"add_header Vary "Origin" always;"#),
        ],
        references: &[
            Spec("Fetch, CORS and HTTP caches", "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches"),
            Cwe(524),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/\n> Origin: https://partner.test\n< 200\n< Access-Control-Allow-Origin: https://partner.test",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n> Origin: https://partner.test\n< 200\n< Access-Control-Allow-Origin: https://partner.test\n< Vary: Origin",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for answer in facts.cross_origin_answers().iter().filter(|answer| answer.is_let_in()) {
        // No cache keeps an answer to OPTIONS (RFC 9110, 9.3.7).
        let varies = answer.response.lines("vary").flat_map(|line| line.split(',')).map(str::trim);
        let mut varies = varies.filter(|name| *name == "*" || name.eq_ignore_ascii_case("origin"));
        if answer.method != Method::OPTIONS && varies.next().is_none() {
            findings.push(&RULE, &answer.response.at(), format!("{:?} is named, without Vary: Origin", answer.origin));
            return;
        }
    }
}
