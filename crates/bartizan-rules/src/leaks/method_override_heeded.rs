//! A header decides which method a request has.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::Cwe;
use crate::facts::{Asked, Response};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A header decides which method a request has.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "method-override-heeded",
        title: "A header decides which method a request has",
        why: "X-HTTP-Method-Override makes another request of one that has passed: rules of proxies, caches and \
              firewalls that look at the method then hold for a request that never runs. A cache may keep the \
              answer to the other method for all visitors. It was made for clients that know only GET and POST, \
              which are gone.",
        fix: &[
            (Apache, "RequestHeader unset X-HTTP-Method-Override"),
            (Bartizan, "[[site]]\nmethods = [\"GET\", \"POST\"]  # holds for the header as well"),
            (Caddy, "request_header -X-HTTP-Method-Override"),
            (Django, "# Take out the middleware that reads X-HTTP-Method-Override."),
            (Express, r#"// app.use(methodOverride("X-HTTP-Method-Override"))"#),
            (Haproxy, "http-request del-header X-HTTP-Method-Override"),
            (Nginx, r#"proxy_set_header X-HTTP-Method-Override "";"#),
        ],
        references: &[Cwe(650)],
    },
    topic: Topic::Leaks,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/\n< 200\n<\n< <h1>Shop</h1>\n> GET https://app.example/\n> X-HTTP-Method-Override: HEAD\n< 200",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n< 200\n<\n< <h1>Shop</h1>\n> GET https://app.example/\n> X-HTTP-Method-Override: HEAD\n< 200\n<\n< <h1>Shop</h1>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for probe in facts.probes().iter().filter(|probe| probe.asked == Asked::MethodOverride) {
        let response = &probe.response;
        let has_body = |response: &Response| response.body().is_some_and(|body| !body.is_empty());
        let is_page = |other: &Response| other.url() == response.url() && has_body(other);
        if response.status().is_success() && !has_body(response) && facts.responses().any(|seen| is_page(&seen.value)) {
            findings.push(&RULE, &response.at(), "a GET was answered as the HEAD that the header says");
        }
    }
}
