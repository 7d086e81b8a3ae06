//! A check of origins lets others pass.

use super::origins::{self, Header};
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::nginx::Peer;
use crate::facts::regex::Case;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A check of origins lets others pass.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "origin-regex",
        title: "A check of origins lets others pass",
        why: "A pattern without anchors, or with a bare dot, also matches https://example.org.evil.test or \
              https://exampleXorg. Whoever registers such a name passes the check, and reads answers with the cookies \
              of the visitor. A list of whole origins has no such gaps.",
        fix: &[(
            Nginx,
            r#"map $http_origin $cors {
    default "";
    https://app.example.org $http_origin;
}"#,
        )],
        references: &[
            Cwe(942),
            Cwe(777),
            Spec("nginx: map", "https://nginx.org/en/docs/http/ngx_http_map_module.html#map"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r#"server {
    location / {
        if ($http_origin ~ "https://example.org") {
            return 204;
        }
    }
}"#,
    ),
    good: Example::File(
        Format::Nginx,
        r#"server {
    location / {
        if ($http_origin = "https://example.org") {
            return 204;
        }
    }
}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("if").filter(|node| node.words().len() == 3) {
            for peer in [Peer::Ng, Peer::Next].into_iter().filter(|peer| nginx.reader(*peer).sees(node)) {
                let name = node.arg(0).unwrap_or_default();
                let name = if peer == Peer::Next { name.to_lowercase() } else { name.to_owned() };
                let case = match node.arg(1) {
                    Some("~" | "!~") => Case::Sensitive,
                    Some("~*" | "!~*") => Case::Insensitive,
                    _ => continue,
                };
                let header = match &*name {
                    "$http_origin" => Header::Origin,
                    "$http_referer" => Header::Referrer,
                    "$http_referrer" => {
                        let said = seen.at(node, "the header is called Referer, so that this one is always empty");
                        said.own("nginx:origin-regex").peer(peer, "origins", "spelling");
                        continue;
                    }
                    _ => continue,
                };
                let Ok(regex) = node.regex(node.arg(2).unwrap_or_default(), case) else { continue };
                for (severity, message, words) in origins::judge(peer, &regex, header) {
                    let said = seen.at(node, message);
                    said.own("nginx:origin-regex").severity(severity).peer(peer, "origins", words);
                }
            }
        }
        if nginx.http().is_none() {
            return;
        }
        for header in nginx.each("add_header").filter(|node| node.says("access-control-allow-origin")) {
            for peer in [Peer::Ng, Peer::Next].into_iter().filter(|peer| nginx.reader(*peer).sees(header)) {
                for (at, severity, message, words) in origins::given(nginx, peer, header) {
                    let said = seen.at(at, message);
                    if words != "reflected" {
                        said.own("nginx:origin-regex");
                    } else if at.is("add_header") {
                        said.own("nginx:cors-reflect");
                    }
                    said.severity(severity).peer(peer, "origins", words);
                }
            }
        }
    });
}
