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
        if apache.root().each("requestheader").any(is_told) {
            return;
        }
        for server in apache.servers().filter(|server| server.is_tls()) {
            let all = server.at().descendants();
            if all.iter().any(|node| node.is("requestheader") && is_told(*node)) {
                continue;
            }
            let is_passed = |node: &&At<'_>| node.is("proxypass") && node.args().any(is_http);
            if let Some(node) = all.iter().find(is_passed) {
                let said = seen.at(*node, "X-Forwarded-Proto is not set");
                said.own("apache:proxy-forwarded-proto");
                said.edit(node.with_before("RequestHeader set X-Forwarded-Proto \"https\"", Safety::Safe));
            }
        }
    });
}

fn is_told(node: At<'_>) -> bool {
    let is_it = |arg: &str| ["x-forwarded-proto", "forwarded"].iter().any(|name| arg.eq_ignore_ascii_case(name));
    !node.says("unset") && node.args().any(|arg| is_it(arg.trim_end_matches(':')))
}

/// Whether an app is reached by HTTP, which does not say by itself how the visitor came.
fn is_http(address: &str) -> bool {
    address.starts_with("http") || address.starts_with("balancer:") || address.contains("|http")
}
