//! The file robots.txt names what should not be found.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The file robots.txt names what should not be found.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "robots-names-inside",
        title: "The file robots.txt names what should not be found",
        why: "The file keeps search engines away and shows everybody else where to look. Areas for staff, backups \
              and tests are what attackers look for first. Pages that are not to be indexed can say so themselves \
              with X-Robots-Tag, and need a login in any case.",
        fix: &[
            (Apache, "<Location \"/admin/\">\n    Header always set X-Robots-Tag \"noindex\"\n</Location>"),
            (Bartizan, "[[site.route]]\npath = \"/admin/\"\nallow_from = [\"10.0.0.0/8\"]"),
            (Caddy, "header /admin/* X-Robots-Tag noindex"),
            (Django, r#"response.headers["X-Robots-Tag"] = "noindex""#),
            (Express, r#"app.use("/admin", (req, res, next) => { res.set("X-Robots-Tag", "noindex"); next() })"#),
            (Haproxy, "http-response set-header X-Robots-Tag noindex if { capture.req.uri -m beg /admin/ }"),
            (Nginx, "location /admin/ { add_header X-Robots-Tag noindex always; }"),
        ],
        references: &[Rfc(9309, "3"), Cwe(200)],
    },
    topic: Topic::Leaks,
    severity: Severity::Info,
    bad: Example::Exchange(
        "> GET https://app.example/robots.txt\n< 200\n< Content-Type: text/plain\n<\n< User-agent: *\n< Disallow: /old-backup/",
    ),
    good: Example::Exchange(
        "> GET https://app.example/robots.txt\n< 200\n< Content-Type: text/plain\n<\n< User-agent: *\n< Disallow: /search",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses().filter(|seen| seen.value.url().path() == "/robots.txt" && !seen.value.is_document()) {
        let Some(body) = seen.value.body() else { continue };
        let rules = body.lines().filter_map(|line| line.split_once(':'));
        let refused = rules.filter(|(name, _)| name.trim().eq_ignore_ascii_case("disallow"));
        let paths = refused.map(|(_, path)| path.split('#').next().unwrap_or_default().trim());
        let mut inside: Vec<_> = paths.filter(|path| is_inside(path)).collect();
        inside.dedup();
        if let Some((first, rest)) = inside.split_first() {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            findings.push(&RULE, &seen.at, format!("{first}{more}"));
        }
    }
}

/// Whether a word of a path says that it is not for visitors.
fn is_inside(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| INSIDE.contains(&word))
}

const INSIDE: &[&str] = &[
    "admin",
    "administrator",
    "backup",
    "backups",
    "config",
    "confidential",
    "debug",
    "dump",
    "hidden",
    "internal",
    "intranet",
    "phpmyadmin",
    "private",
    "secret",
    "secure",
    "staff",
    "staging",
    "test",
];
