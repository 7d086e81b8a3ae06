//! Visitors over IPv6 get another site than those over IPv4.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::Response;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Visitors over IPv6 get another site than those over IPv4.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "address-families-differ",
        title: "Visitors over IPv6 get another site than those over IPv4",
        why: "The name has addresses of both kinds, and what answers at one is missing at the other: the page, or \
              headers that protect it. It is often a second server that was forgotten, or a proxy that is passed \
              by over IPv6. Which one visitors get depends on their network.",
        fix: &[
            (Apache, "Listen [::]:443"),
            (Bartizan, "[server]\nlisten = [\"[::]:443\"]"),
            (Caddy, "# Caddy listens on both; look at what stands before it."),
            (Django, "# Look at the addresses of the name in DNS, and at what listens there."),
            (Express, r#"server.listen(443, "::")"#),
            (Haproxy, "bind [::]:443 v4v6 ssl crt /etc/haproxy/app.pem"),
            (Nginx, "listen 443 ssl;\nlisten [::]:443 ssl;"),
        ],
        references: &[Rfc(6724, "2"), Rfc(8305, "1")],
    },
    topic: Topic::Transport,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/ over IPv4\n< 200\n< Content-Security-Policy: default-src 'self'\n> GET https://app.example/ over IPv6\n< 200",
    ),
    good: Example::Exchange(
        "> GET https://app.example/ over IPv4\n< 200\n< Content-Security-Policy: default-src 'self'\n> GET https://app.example/ over IPv6\n< 200\n< Content-Security-Policy: default-src 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for families in facts.families() {
        let at = Provenance::Live { url: families.page.clone() };
        match (&families.ipv4, &families.ipv6) {
            (Ok(ipv4), Ok(ipv6)) => {
                if let Some(difference) = difference(ipv4, ipv6) {
                    findings.push(&RULE, &at, difference);
                }
            }
            (Ok(_), Err(why)) => drop(findings.push(&RULE, &at, format!("over IPv6 there is no answer: {why}"))),
            (Err(why), Ok(_)) => drop(findings.push(&RULE, &at, format!("over IPv4 there is no answer: {why}"))),
            (Err(_), Err(_)) => {}
        }
    }
}

fn difference(ipv4: &Response, ipv6: &Response) -> Option<String> {
    let (one, other) = (ipv4.status().as_u16(), ipv6.status().as_u16());
    if one != other {
        return Some(format!("status {one} over IPv4 and {other} over IPv6"));
    }
    let lacks = |has: &Response, lacks: &Response| {
        PROTECTING.iter().filter(|name| has.has(name) && !lacks.has(name)).copied().collect::<Vec<_>>().join(", ")
    };
    match (lacks(ipv4, ipv6), lacks(ipv6, ipv4)) {
        (missing, _) if !missing.is_empty() => Some(format!("over IPv6 without {missing}")),
        (_, missing) if !missing.is_empty() => Some(format!("over IPv4 without {missing}")),
        _ => None,
    }
}

/// Headers that do not come and go with each request.
const PROTECTING: &[&str] = &[
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
];
