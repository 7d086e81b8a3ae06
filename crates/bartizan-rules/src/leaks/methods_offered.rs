//! The server names methods that change files.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use http::Method;

use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The server names methods that change files.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "methods-offered",
        title: "The server names methods that change files",
        why: "The answer to OPTIONS lists methods with which files are written, moved or removed. An API may need \
              some of them; a site of pages needs none. Where it is WebDAV that nobody meant to offer, anybody may \
              be able to write.",
        fix: &[
            (
                Apache,
                "<Location \"/\">\n    Dav Off\n    <LimitExcept GET HEAD POST>\n        Require all denied\n    </LimitExcept>\n</Location>",
            ),
            (Bartizan, "[[site]]\nmethods = [\"GET\", \"HEAD\", \"POST\"]"),
            (Caddy, "@other not method GET HEAD POST\nrespond @other 405"),
            (Django, r#"@require_http_methods(["GET", "HEAD", "POST"])"#),
            (
                Express,
                r#"app.use((req, res, next) => ["GET", "HEAD", "POST"].includes(req.method) ? next() : res.sendStatus(405))"#,
            ),
            (Haproxy, "http-request deny deny_status 405 unless { method GET HEAD POST }"),
            (Nginx, "limit_except GET POST { deny all; }"),
        ],
        references: &[Rfc(9110, "10.2.1"), Cwe(650)],
    },
    topic: Topic::Leaks,
    severity: Severity::Info,
    bad: Example::Exchange(
        "> OPTIONS https://app.example/\n> Origin: https://evil.test\n< 200\n< Allow: GET, HEAD, PUT, DELETE",
    ),
    good: Example::Exchange(
        "> OPTIONS https://app.example/\n> Origin: https://evil.test\n< 200\n< Allow: GET, HEAD, POST, OPTIONS",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for answer in facts.cross_origin_answers().iter().filter(|answer| answer.method == Method::OPTIONS) {
        let lines = answer.response.lines("allow").flat_map(|line| line.split(','));
        let names: Vec<_> = lines.map(|name| name.trim().to_ascii_uppercase()).collect();
        let written =
            |list: &[&str]| -> Vec<_> { names.iter().filter(|name| list.contains(&name.as_str())).cloned().collect() };
        let (of_files, of_apis) = (written(OF_FILES), written(OF_APIS));
        if !of_files.is_empty() {
            let message = format!("Allow has {}, which is WebDAV", of_files.join(", "));
            findings.push(&RULE, &answer.response.at(), message).severity(Severity::Low);
        } else if !of_apis.is_empty() {
            findings.push(&RULE, &answer.response.at(), format!("Allow has {}", of_apis.join(", ")));
        }
    }
}

/// Methods that an API has, too.
const OF_APIS: &[&str] = &["CONNECT", "DELETE", "PATCH", "PUT", "TRACE", "TRACK"];

/// Methods of WebDAV (RFC 4918, 9).
const OF_FILES: &[&str] = &["COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "UNLOCK"];
