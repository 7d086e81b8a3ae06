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
                    flags
                        .trim_matches(['[', ']'])
                        .split(',')
                        .any(|flag| matches!(&*flag.trim().to_ascii_lowercase(), "p" | "proxy"))
                });
            let host = node
                .arg(1)
                .and_then(|to| to.split_once("://"))
                .and_then(|(_, rest)| rest.split('/').next())
                .unwrap_or_default();
            if is_proxied && is_captured(host, node.arg(0).unwrap_or_default()) {
                seen.at(node, format_args!("{host} decides about the host")).own("apache:proxy-ssrf");
            }
        }
    });
}

/// Whether visitors choose the host: by what a pattern takes of their address, or by what they send.
fn is_captured(host: &str, pattern: &str) -> bool {
    let group = host.find(['$', '%']).and_then(|at| host.get(at..)).unwrap_or_default();
    let is_number = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let taken = group.strip_prefix('$').or_else(|| group.strip_prefix('%')).is_some_and(is_number);
    // Behind the name of a host, what begins with a slash is its path.
    let is_path =
        !host.starts_with(['$', '%']) && group.len() == 2 && pattern.trim_start_matches('^').starts_with("(/");
    // A map is the operator's own.
    let is_sent = group.starts_with("%{") && !group.starts_with("%{ENV:") && !group.starts_with("%{SERVER_");
    (taken && !is_path) || is_sent
}
