//! A pattern matches one address only.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::nginx::Peer;
use crate::facts::regex::Case;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A pattern matches one address only.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "regex-exact-match",
        title: "A pattern matches one address only",
        why: "A location with a pattern is tried one after the other for every request, and one that names an address \
              exactly is found at once. It also cannot match more than it says.",
        fix: &[(Nginx, "location = /favicon.ico {")],
        references: &[Spec("nginx: location", "https://nginx.org/en/docs/http/ngx_http_core_module.html#location")],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location ~ ^/favicon\.ico$ {
        access_log off;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location = /favicon.ico {
        access_log off;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("location").filter(|node| node.words().len() == 2 && node.arg(0) == Some("~")) {
            let Some(text) =
                node.arg(1).and_then(|it| node.regex(it, Case::Sensitive).ok()).and_then(|it| it.only_text())
            else {
                continue;
            };
            let said = seen.at(node, format_args!("only {text} is matched"));
            if text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) {
                said.edit(node.with_words(&format!("= {text}"), Safety::Safe));
            }
            if nginx.reader(Peer::Ng).sees(node) {
                said.peer(Peer::Ng, "regex_exact_match", node.arg(1).unwrap_or_default().to_owned());
            }
        }
    });
}
