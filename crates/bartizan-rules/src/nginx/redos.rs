//! A pattern can be made to take very long.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::facts::regex::{Backtracking, Case};
use crate::sightings::nginx;
use crate::{Confidence, Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A pattern can be made to take very long.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "redos",
        title: "A pattern can be made to take very long",
        why: "The engine tries every way to match before it gives up. With repetitions within repetitions, or \
              alternatives that begin alike, an address of some dozen characters has millions of ways, and the worker \
              does nothing else meanwhile. A few requests stop the site.",
        fix: &[(Nginx, "location ~ ^/[a-z0-9]+$ {")],
        references: &[
            Cwe(1333),
            Spec("nginx: location", "https://nginx.org/en/docs/http/ngx_http_core_module.html#location"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location ~ ^/(a|a)*$ {
        return 204;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location ~ ^/a*$ {
        return 204;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each_of(&["location", "if", "rewrite", "server_name"]) {
            for (pattern, case) in patterns(node) {
                let Some(shape) = node.regex(pattern, case).ok().and_then(|regex| regex.backtracking()) else {
                    continue;
                };
                let said = seen.at(node, format_args!("{pattern} {}", shape_text(shape)));
                said.own("nginx:redos").confidence(Confidence::Medium);
                // Its own parser does not know groups with such names.
                let is_known = !pattern.contains("(?<") && !pattern.contains("(?'");
                if nginx.reader(Peer::Ng).sees(node)
                    && (is_known || pattern.contains("(?<=") || pattern.contains("(?<!"))
                {
                    said.peer(Peer::Ng, "regex_redos", pattern.to_owned());
                }
            }
        }
    });
}

fn patterns(node: At<'_>) -> Vec<(&str, Case)> {
    let one = |operator: Option<&str>, pattern| match operator {
        Some("~" | "!~") => Some((pattern, Case::Sensitive)),
        Some("~*" | "!~*") => Some((pattern, Case::Insensitive)),
        _ => None,
    };
    let found = match (node.name(), node.words().len()) {
        ("location", 2) => node.arg(1).and_then(|pattern| one(node.arg(0), pattern)),
        ("if", 2) => node.arg(1).and_then(|pattern| one(node.arg(0), pattern)),
        ("if", 3) => node.arg(2).and_then(|pattern| one(node.arg(1), pattern)),
        ("rewrite", _) => node.arg(0).map(|pattern| (pattern, Case::Sensitive)),
        ("server_name", _) => {
            // One name that ignores case makes all of them do so.
            let case = if node.args().any(|name| name.starts_with("~*")) { Case::Insensitive } else { Case::Sensitive };
            let names = node.args().filter_map(|name| name.strip_prefix('~'));
            return names.map(|name| (name.strip_prefix('*').unwrap_or(name), case)).collect();
        }
        _ => None,
    };
    found.filter(|(pattern, _)| !pattern.is_empty()).into_iter().collect()
}

const fn shape_text(shape: Backtracking) -> &'static str {
    match shape {
        Backtracking::Adjacent => "has two repetitions beside each other that match the same",
        Backtracking::Nested => "repeats a repetition",
        Backtracking::Overlapping => "repeats alternatives that begin alike",
    }
}
