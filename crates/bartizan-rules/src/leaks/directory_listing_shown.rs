//! A folder lists its files to anybody.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::Cwe;
use crate::facts::Asked;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A folder lists its files to anybody.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "directory-listing-shown",
        title: "A folder lists its files to anybody",
        why: "Names of files tell what a site is made of, and lead to backups and uploads that no page links \
              to. Robots collect such lists. A folder without a page of its own should answer as if it were \
              not there.",
        fix: &[
            (Apache, "Options -Indexes"),
            (Bartizan, "[site.errors]\nlistings = true"),
            (Caddy, "file_server  # without browse"),
            (Django, "# Serve files with a web server or WhiteNoise; runserver and show_indexes list folders."),
            (Express, r#"app.use(express.static("public"))  # without serve-index"#),
            (Haproxy, "# Switch listings off in the server behind HAProxy."),
            (Nginx, "autoindex off;"),
        ],
        references: &[Cwe(548)],
    },
    topic: Topic::Leaks,
    severity: Severity::Medium,
    bad: Example::Exchange(
        "> GET https://app.example/static/\n< 200\n< Content-Type: text/html\n<\n< <title>Index of /static/</title>",
    ),
    good: Example::Exchange("> GET https://app.example/static/\n< 403\n<\n< Forbidden"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for probe in facts.probes().iter().filter(|probe| probe.asked == Asked::Directory) {
        let marks =
            ["<title>Index of /", "<title>Directory listing for /", "<title>Listing of /", "[To Parent Directory]"];
        if probe.found().is_some_and(|body| marks.iter().any(|mark| body.contains(mark))) {
            findings.push(
                &RULE,
                &probe.response.at(),
                format!("a list of the files in {}", probe.response.url().path()),
            );
        }
    }
}
