//! The app is told a host that the visitor chose.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::nginx::{Peer, variables};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The app is told a host that the visitor chose.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "host-spoofing",
        title: "The app is told a host that the visitor chose",
        why: "$http_host is what the client sent, unchecked; $host is the name that nginx chose the server by. Apps \
              build links of the host: a reset link in a mail then leads to the attacker, and a cache keeps the page \
              for everybody.",
        fix: &[(Nginx, "proxy_set_header Host $host;")],
        references: &[
            Spec("nginx: var_host", "https://nginx.org/en/docs/http/ngx_http_core_module.html#var_host"),
            Cwe(644),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_set_header Host $http_host;
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("proxy_set_header").filter(|node| node.says("host") && node.words().len() >= 2) {
            let value = node.arg(1).unwrap_or_default();
            let chosen = chosen(value);
            let is_ng = node.words().len() == 2 && (value == "$http_host" || value.starts_with("$arg_"));
            if chosen.is_none() && !is_ng {
                continue;
            }
            let said = seen.at(node, format_args!("the host is {value}, which the visitor sends"));
            said.own("nginx:host-spoofing").edit(node.with_word(1, "$host", Safety::Safe));
            if is_ng && nginx.reader(Peer::Ng).sees(node) {
                said.peer(Peer::Ng, "host_spoofing", value.to_owned());
            }
            if let Some(chosen) = chosen.filter(|_| nginx.reader(Peer::Next).sees(node)) {
                said.peer(Peer::Next, "host_spoofing", chosen);
            }
        }
    });
}

/// The variable that a visitor fills: of several, the one that is most surely a host.
fn chosen(value: &str) -> Option<String> {
    let rank = |name: &str| match name {
        "http_host" => Some(0),
        "http_x_forwarded_host" => Some(1),
        name if name.starts_with("arg_") => Some(2),
        name if name.starts_with("cookie_") => Some(3),
        _ => None,
    };
    let filled = variables(value).map(str::to_lowercase).filter_map(|name| Some((rank(&name)?, name)));
    filled.min_by_key(|(rank, _)| *rank).map(|(_, name)| name)
}
