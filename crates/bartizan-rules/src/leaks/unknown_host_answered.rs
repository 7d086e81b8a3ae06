//! The site answers to names that are not its own.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::Asked;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The site answers to names that are not its own.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unknown-host-answered",
        title: "The site answers to names that are not its own",
        why: "Whoever points a name of theirs at the site has it shown under that name, and apps that build \
              links from it send visitors there. It also lets robots that try addresses find the site. Names \
              that are not known should be refused.",
        fix: &[
            (Apache, "<VirtualHost *:443>\n    ServerName default.invalid\n    Redirect 421 /\n</VirtualHost>"),
            (Bartizan, "[[site]]\nunknown_host = \"misdirected\""),
            (Caddy, "https:// {\n    tls internal\n    respond 421\n}"),
            (Django, r#"ALLOWED_HOSTS = ["app.example"]"#),
            (Express, r#"app.use((req, res, next) => req.hostname === "app.example" ? next() : res.sendStatus(421))"#),
            (Haproxy, "http-request deny deny_status 421 unless { req.hdr(host) -i app.example }"),
            (Nginx, "server {\n    listen 443 ssl default_server;\n    ssl_reject_handshake on;\n}"),
        ],
        references: &[Rfc(9110, "15.5.20"), Cwe(644)],
    },
    topic: Topic::Leaks,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/\n> Host: probe.test\n< 200\n< Content-Type: text/html\n<\n< <h1>Shop</h1>",
    ),
    good: Example::Exchange("> GET https://app.example/\n> Host: probe.test\n< 421"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for probe in facts.probes() {
        let Asked::UnknownHost(host) = &probe.asked else { continue };
        let status = probe.response.status();
        let leads = probe.response.lines("location").find(|line| line.contains(host.as_str()));
        if let Some(location) = leads.filter(|_| status.is_redirection()) {
            findings.push(&RULE, &probe.response.at(), format!("leads to {location}")).severity(Severity::Medium);
        } else if status.is_success() {
            findings.push(&RULE, &probe.response.at(), format!("status {} for {host}", status.as_u16()));
        }
    }
}
