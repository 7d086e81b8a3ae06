//! A visitor decides where the server asks.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::nginx::Peer;
use crate::nginx::target;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A visitor decides where the server asks.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "ssrf",
        title: "A visitor decides where the server asks",
        why: "The host that the request is passed on to is taken from the request itself. A visitor makes the server \
              ask machines inside of the net: databases, the cloud's own service with its keys, anything that trusts \
              this machine.",
        fix: &[
            (Apache, r#"ProxyPassMatch "^/p/(.*)$" "http://127.0.0.1:8000/$1""#),
            (Nginx, "proxy_pass http://127.0.0.1:8000;"),
        ],
        references: &[
            Cwe(918),
            Spec("nginx: proxy_pass", "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass"),
            Spec("Apache: ProxyPassMatch", "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxypassmatch"),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        resolver 127.0.0.1;
        proxy_pass http://$arg_target;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each_of(target::NAMES) {
            for peer in [Peer::Ng, Peer::Next] {
                if let Some(variable) = target::is_open(nginx.reader(peer), node) {
                    let said = seen.at(node, format_args!("{variable} decides about the host"));
                    said.own("nginx:ssrf").peer(peer, "ssrf", variable);
                }
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("rewriterule").chain(apache.each("proxypassmatch")) {
            let is_proxied = node.is("proxypassmatch")
                || node.arg(2).is_some_and(|flags| {
                    flags.trim_matches(['[', ']']).split(',').any(|flag| flag.trim().eq_ignore_ascii_case("p"))
                });
            let host = node
                .arg(1)
                .and_then(|to| to.split_once("://"))
                .and_then(|(_, rest)| rest.split('/').next())
                .unwrap_or_default();
            if is_proxied && (host.contains('$') || host.contains('%')) {
                seen.at(node, format_args!("{host} decides about the host")).own("apache:proxy-ssrf");
            }
        }
    });
}
