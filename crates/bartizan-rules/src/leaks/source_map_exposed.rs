//! The source code of a script can be fetched.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::Asked;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The source code of a script can be fetched.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "source-map-exposed",
        title: "The source code of a script can be fetched",
        why: "Beside the script lies a map with the text it was made from, comments and names included. It shows \
              how the app works inside, and at times keys and addresses that the built script no longer has. Tools \
              that need maps can be given them without the web.",
        fix: &[
            (Apache, "<FilesMatch \"\\.map$\">\n    Require all denied\n</FilesMatch>"),
            (Bartizan, "[[site.route]]\npath = \"/static/app.js.map\"\ndeny = true"),
            (Caddy, "@maps path *.map\nrespond @maps 404"),
            (Django, "# Build without source maps, or take them out of STATIC_ROOT."),
            (Express, "app.use(/\\.map$/, (req, res) => res.sendStatus(404))"),
            (Haproxy, "http-request deny deny_status 404 if { path_end .map }"),
            (Nginx, "location ~ \\.map$ { return 404; }"),
        ],
        references: &[Spec("ECMA-426, source map format", "https://tc39.es/ecma426/"), Cwe(540)],
    },
    topic: Topic::Leaks,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/app.js.map\n< 200\n<\n< {\"version\":3,\"sources\":[\"src/login.ts\"],\"sourcesContent\":[\"let a\"],\"mappings\":\"AAAA\"}",
    ),
    good: Example::Exchange("> GET https://app.example/app.js.map\n< 404"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for probe in facts.probes().iter().filter(|probe| probe.asked == Asked::SourceMap) {
        let Some(body) = probe.found() else { continue };
        // Only the start of a map is kept, so that its end cannot be asked for.
        let is_map = body.trim_start().starts_with('{') && body.contains("\"version\"") && body.contains("\"sources");
        if is_map {
            findings.push(&RULE, &probe.response.at(), "a source map");
        }
    }
}
