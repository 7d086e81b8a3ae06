//! Any site may embed the site's resources.

use bartizan_headers::cross_origin::ResourcePolicy;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::finding::absence;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Any site may embed the site's resources.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "corp-missing",
        title: "Any site may embed the site's resources",
        why: "A foreign page can load the response as an image or script, even one made for the signed-in \
              visitor. What it cannot read it may still measure, or read through faults of the processor. What \
              is meant for others can say cross-origin.",
        fix: &[
            (Apache, r#"Header always set Cross-Origin-Resource-Policy "same-origin""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Cross-Origin-Resource-Policy "same-origin""#),
            (Django, r#"response.headers["Cross-Origin-Resource-Policy"] = "same-origin"  # in a middleware"#),
            (Express, "app.use(helmet.crossOriginResourcePolicy())"),
            (Haproxy, r#"http-response set-header Cross-Origin-Resource-Policy "same-origin""#),
            (Nginx, r#"add_header Cross-Origin-Resource-Policy "same-origin" always;"#),
        ],
        references: &[
            Spec(
                "WHATWG Fetch, Cross-Origin-Resource-Policy",
                "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header",
            ),
            Mdn("Cross-Origin-Resource-Policy"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html"),
    good: Example::Response("Cross-Origin-Resource-Policy: same-site"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses().filter(|seen| !seen.value.status().is_redirection()) {
        let parsed = seen.value.field::<ResourcePolicy>();
        if parsed.value.is_some() {
            continue;
        }
        let what = absence("Cross-Origin-Resource-Policy", &parsed);
        match seen.value.lines("access-control-allow-origin").next() {
            // The app invites others, so what is missing is a word and no wall:
            // `same-origin` would stop their `<img>`, which does not ask by CORS (Fetch, 3.7).
            Some(invited) => {
                let message = format!("{what}, and CORS lets {invited:?} read the answer");
                findings.push(&RULE, &seen.at, message).severity(Severity::Info);
            }
            None => {
                findings.push(&RULE, &seen.at, what);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge;

    #[test]
    fn what_cors_opens_is_only_mentioned() {
        for (lines, severity) in [
            ("Content-Type: text/html", Some(Severity::Low)),
            ("Access-Control-Allow-Origin: *", Some(Severity::Info)),
            ("Access-Control-Allow-Origin: https://partner.example", Some(Severity::Info)),
            ("Access-Control-Allow-Origin: *\nCross-Origin-Resource-Policy: cross-origin", None),
        ] {
            let facts = Example::Response(lines).facts().unwrap();
            let found = judge([&RULE], &facts);
            assert_eq!(found.as_slice().first().map(|finding| finding.severity), severity, "{lines}");
        }
    }
}
