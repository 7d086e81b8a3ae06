//! An answer is for everybody and for cookies at once, which browsers refuse.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// An answer is for everybody and for cookies at once, which browsers refuse.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-wildcard-with-credentials",
        title: "An answer is for everybody and for cookies at once, which browsers refuse",
        why: "Browsers do not show a script an answer that says * and true together, so what was meant does \
              not work. The next step is often to repeat whatever origin asks, and that opens the site to \
              everybody. Either no cookies, or a list of origins.",
        fix: &[
            (
                Apache,
                "SetEnvIf Origin \"^https://partner\\.example$\" CORS=$0\nHeader always set Access-Control-Allow-Origin \"%{CORS}e\" env=CORS\nHeader always append Vary \"Origin\"",
            ),
            (Bartizan, "# Name the origins in the app: Bartizan does not guess who may read it."),
            (
                Caddy,
                "@partner header Origin https://partner.example\nheader @partner Access-Control-Allow-Origin https://partner.example\nheader +Vary Origin",
            ),
            (Django, r#"CORS_ALLOWED_ORIGINS = ["https://partner.example"]"#),
            (Express, r#"app.use(cors({ origin: ["https://partner.example"], credentials: true }))"#),
            (
                Haproxy,
                r#"http-response set-header Access-Control-Allow-Origin "https://partner.example" if { capture.req.hdr(0) -m str https://partner.example }"#,
            ),
            (
                Nginx,
                "map $http_origin $cors {\n    \"https://partner.example\" $http_origin;\n}\nadd_header Access-Control-Allow-Origin $cors always;\nadd_header Vary Origin always;",
            ),
        ],
        references: &[
            Spec("Fetch, CORS protocol", "https://fetch.spec.whatwg.org/#http-cors-protocol"),
            Cwe(942),
            Mdn("Access-Control-Allow-Origin"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: *\n< Access-Control-Allow-Credentials: true",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: *",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for answer in facts.cross_origin_answers() {
        if answer.allowed() == Some("*") && answer.has_credentials() {
            findings.push(&RULE, &answer.response.at(), format!("{} is answered with * and true", answer.method));
            return;
        }
    }
}
