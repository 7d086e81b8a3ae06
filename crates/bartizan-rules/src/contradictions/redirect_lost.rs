//! A redirect to HTTPS that a file promises and that the site does not make.

use crate::explanation::Platform::{Django, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::django::Literal;
use crate::facts::{Chain, End, Provenance};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A redirect to HTTPS that a file sets is not made.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "redirect-lost",
        title: "A redirect to HTTPS that a file sets is not made",
        why: "The file says that visitors are led to HTTPS, and the site serves them over plain HTTP. Something before \
              the program answers first, or says that the request came over HTTPS. Whoever sits on the network reads \
              and changes what visitors get.",
        fix: &[
            (
                Django,
                "# The proxy must say how the visitor came, and nobody else may:\nSECURE_PROXY_SSL_HEADER = (\"HTTP_X_FORWARDED_PROTO\", \"https\")",
            ),
            (Nginx, "server {\n    listen 80 default_server;\n    return 301 https://$host$request_uri;\n}"),
        ],
        references: &[Cwe(319), Rfc(6797, "7.2")],
    },
    topic: Topic::Contradictions,
    severity: Severity::High,
    bad: Example::Joined(
        Format::Nginx,
        "server {\n    listen 80;\n    server_name app.example;\n    return 301 https://$host$request_uri;\n}\n---\n> GET http://app.example/\n< 200",
    ),
    good: Example::Joined(
        Format::Nginx,
        "server {\n    listen 80;\n    server_name app.example;\n    return 301 https://$host$request_uri;\n}\n---\n> GET http://app.example/\n< 301\n< Location: https://app.example/\n> GET https://app.example/\n< 200",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(chain) = facts.chains().iter().find(|chain| is_plain(chain)) else { return };
    let host = chain.asked.host_str().unwrap_or_default();
    for nginx in facts.nginx() {
        for server in nginx.servers() {
            let names = server.at.each("server_name").flat_map(|node| node.args());
            let is_it = names.into_iter().any(|name| name.eq_ignore_ascii_case(host));
            let redirect = server.redirects().find(|redirect| redirect.to.starts_with("https://"));
            if let Some(redirect) = redirect.filter(|_| is_it && server.is_plain()) {
                say(chain, "nginx", &redirect.at.here(), findings);
            }
        }
    }
    for django in facts.django() {
        let [outcome] = django.outcomes.as_slice() else { continue };
        let setting = outcome.setting("SECURE_SSL_REDIRECT");
        if let Some(setting) = setting.filter(|setting| setting.item.value == Literal::Bool(true)) {
            say(chain, "Django", &Provenance::File(setting.at.clone()), findings);
        }
    }
}

/// Whether visitors of plain HTTP stay there.
fn is_plain(chain: &Chain) -> bool {
    let last = chain.last().filter(|last| !last.is_secure() && last.status().is_success());
    chain.is_from_http() && chain.end == End::Answered && last.is_some()
}

fn say(chain: &Chain, by: &str, at: &Provenance, findings: &mut Findings) {
    findings.push(&RULE, at, format!("{by} leads to HTTPS here, and {} is answered over plain HTTP", chain.asked));
}
