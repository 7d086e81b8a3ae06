//! A security header is missing on error pages.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::Spec;
use crate::facts::declared::Line;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A security header is missing on error pages.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "header-not-always",
        title: "A security header is missing on error pages",
        why: "Without `always` the server adds it to successful answers only. Error pages are pages like others: they \
              can be framed and scripted, and a browser that meets one first learns nothing of HSTS.",
        fix: &[(Apache, "Header always set X-Frame-Options DENY"), (Nginx, "add_header X-Frame-Options DENY always;")],
        references: &[
            Spec("nginx: add_header", "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header"),
            Spec("Apache: Header", "https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header"),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Frame-Options DENY;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Frame-Options DENY always;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if !line.is_always && is_security(&line.name) && !is_ignored(line) {
            let said = seen.at(line.node(), format_args!("errors carry no {}", line.name));
            said.own(line.authority.id("header-not-always")).edit(line.with_always(Safety::Safe));
        }
    });
}

/// What browsers ignore is not missed.
fn is_ignored(line: &Line) -> bool {
    let is_known = ["deny", "sameorigin"].iter().any(|known| line.value.trim().eq_ignore_ascii_case(known));
    line.name == "x-frame-options" && !is_known
}

fn is_security(name: &str) -> bool {
    matches!(
        name,
        "strict-transport-security"
            | "x-content-type-options"
            | "x-frame-options"
            | "referrer-policy"
            | "content-security-policy"
            | "permissions-policy"
            | "cross-origin-opener-policy"
            | "cross-origin-resource-policy"
            | "cross-origin-embedder-policy"
    )
}
