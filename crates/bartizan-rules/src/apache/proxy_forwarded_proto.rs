//! The app is not told that it was asked over HTTPS.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The app is not told that it was asked over HTTPS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-forwarded-proto",
        title: "The app is not told that it was asked over HTTPS",
        why: "The app takes the request for plain HTTP: its redirects and links lead to http, its cookies lack \
              Secure, and some loop for ever. Or it believes a header that the visitor sent himself.",
        fix: &[(Apache, r#"RequestHeader set X-Forwarded-Proto "https""#)],
        references: &[
            Spec("Apache: RequestHeader", "https://httpd.apache.org/docs/2.4/mod/mod_headers.html#requestheader"),
            Spec("Apache: ProxyPass", "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxypass"),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Low,
    bad: Example::File(
        Format::Apache,
        r"<VirtualHost *:443>
    SSLEngine on
    ProxyPass / http://127.0.0.1:8000/
</VirtualHost>",
    ),
    good: Example::File(
        Format::Apache,
        r#"<VirtualHost *:443>
    SSLEngine on
    RequestHeader set X-Forwarded-Proto "https"
    ProxyPass / http://127.0.0.1:8000/
</VirtualHost>"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for server in apache.servers().filter(|server| server.is_tls()) {
            let is_told = |node: At<'_>| {
                node.is("requestheader") && node.args().any(|arg| arg.eq_ignore_ascii_case("x-forwarded-proto"))
            };
            if server.at().scopes().flat_map(At::children).any(is_told) {
                continue;
            }
            if let Some(node) = server
                .at()
                .descendants()
                .into_iter()
                .find(|node| node.is("proxypass") && node.args().any(|arg| arg.starts_with("http")))
            {
                let said = seen.at(node, "X-Forwarded-Proto is not set");
                said.own("apache:proxy-forwarded-proto");
                said.edit(node.with_before("RequestHeader set X-Forwarded-Proto \"https\"", Safety::Safe));
            }
        }
    });
}
