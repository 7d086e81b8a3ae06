//! The server repeats requests to whoever asks (TRACE).

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::Asked;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The server repeats requests to whoever asks (TRACE).
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "trace-answered",
        title: "The server repeats requests to whoever asks (TRACE)",
        why: "TRACE is answered with the request itself, with everything that a proxy added on the way: \
              addresses, names of users, secrets between proxy and app. Browsers no longer let scripts send \
              it. Nothing on a public site needs it.",
        fix: &[
            (Apache, "TraceEnable Off"),
            (Bartizan, "[[site]]\nmethods = [\"GET\", \"HEAD\", \"POST\"]"),
            (Caddy, "@trace method TRACE\nrespond @trace 405"),
            (Django, "# Switch it off in the server before Django; Django does not answer it."),
            (Express, "# Express does not answer it; switch it off in the server before."),
            (Haproxy, "http-request deny deny_status 405 if { method TRACE }"),
            (Nginx, "# nginx does not answer it; switch it off in what stands behind."),
        ],
        references: &[Rfc(9110, "9.3.8"), Cwe(693)],
    },
    topic: Topic::Leaks,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> TRACE https://app.example/\n> X-Probe: 5f2c9a\n< 200\n< Content-Type: message/http\n<\n< TRACE / HTTP/1.1\n< X-Probe: 5f2c9a",
    ),
    good: Example::Exchange("> TRACE https://app.example/\n> X-Probe: 5f2c9a\n< 405\n<\n< Method Not Allowed"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for probe in facts.probes() {
        let Asked::Trace(token) = &probe.asked else { continue };
        let repeats = !token.is_empty() && probe.response.body().is_some_and(|body| body.contains(token.as_str()));
        if probe.response.status().is_success() && repeats {
            findings.push(&RULE, &probe.response.at(), "the request came back");
        }
    }
}
