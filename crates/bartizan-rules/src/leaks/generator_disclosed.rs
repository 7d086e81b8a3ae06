//! The app tells its own name and version.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The app tells its own name and version.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "generator-disclosed",
        title: "The app tells its own name and version",
        why: "A content management system that names itself in every answer can be found by a search when its \
              next fault becomes known. No client needs it.",
        fix: &[
            (Apache, "Header always unset X-Generator"),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "header -X-Generator"),
            (Django, r#"response.headers.pop("X-Generator", None)  # in a middleware"#),
            (Express, r#"res.removeHeader("X-Generator")"#),
            (Haproxy, "http-response del-header X-Generator"),
            (Nginx, "proxy_hide_header X-Generator;"),
        ],
        references: &[
            Cwe(200),
            Spec("OWASP Secure Headers Project: headers to remove", "https://owasp.org/www-project-secure-headers/"),
        ],
    },
    topic: Topic::Leaks,
    severity: Severity::Info,
    bad: Example::Response("X-Generator: Drupal 9 (https://www.drupal.org)"),
    good: Example::Response("Content-Type: text/html"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        for name in GENERATORS {
            for line in seen.value.lines(name) {
                findings.push(&RULE, &seen.at, format!("{name} is {line:?}"));
            }
        }
    }
    for page in facts.pages() {
        let at = Provenance::Live { url: page.url.clone() };
        // Without a number it is a name, and most programs can be told by their pages anyway.
        let named = page.metas.iter().filter(|meta| meta.name == "generator" && !meta.is_header);
        for meta in named.filter(|meta| meta.content.contains(|character: char| character.is_ascii_digit())) {
            findings.push(&RULE, &at, format!("<meta> names {:?}", meta.content));
        }
    }
}

/// Fields that name a program.
const GENERATORS: [&str; 4] = ["generator", "x-cms", "x-drupal-dynamic-cache", "x-generator"];
