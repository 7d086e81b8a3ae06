//! The site takes its own name from X-Forwarded-Host.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::Asked;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The site takes its own name from X-Forwarded-Host.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "forwarded-host-reflected",
        title: "The site takes its own name from X-Forwarded-Host",
        why: "Whoever sends the field decides where redirects and links lead. Where a cache keeps such an \
              answer, everybody after gets it; where a mail with a link to reset a password is built from it, \
              the token goes to the attacker. Only a proxy may set the field, and must replace what came.",
        fix: &[
            (Apache, "RequestHeader unset X-Forwarded-Host early"),
            (Bartizan, "# Bartizan drops it from clients that are not in server.trusted_proxies."),
            (Caddy, "request_header -X-Forwarded-Host"),
            (Django, "USE_X_FORWARDED_HOST = False\nALLOWED_HOSTS = [\"app.example\"]"),
            (Express, r#"app.set("trust proxy", "loopback")"#),
            (Haproxy, "http-request del-header X-Forwarded-Host"),
            (Nginx, "proxy_set_header X-Forwarded-Host $host;"),
        ],
        references: &[Cwe(644), Cwe(348), Rfc(7239, "8.1")],
    },
    topic: Topic::Leaks,
    severity: Severity::Medium,
    bad: Example::Exchange(
        "> GET https://app.example/\n> X-Forwarded-Host: probe.test\n< 302\n< Location: https://probe.test/login",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n> X-Forwarded-Host: probe.test\n< 302\n< Location: https://app.example/login",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for probe in facts.probes() {
        let Asked::ForwardedHost(host) = &probe.asked else { continue };
        let location = probe.response.lines("location").find(|line| line.contains(host.as_str()));
        let is_in_body = probe.response.body().is_some_and(|body| body.contains(&format!("//{host}")));
        if let Some(location) = location {
            findings.push(&RULE, &probe.response.at(), format!("leads to {location}"));
        } else if is_in_body {
            findings.push(&RULE, &probe.response.at(), format!("the page links to {host}"));
        }
    }
}
