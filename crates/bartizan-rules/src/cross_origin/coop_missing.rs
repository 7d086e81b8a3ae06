//! Pages that open the site keep hold of its window.

use bartizan_headers::cross_origin::OpenerPolicy;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::finding::absence;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Pages that open the site keep hold of its window.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "coop-missing",
        title: "Pages that open the site keep hold of its window",
        why: "A page that opens the site in a window can watch and steer that window: count its frames, send it \
              elsewhere after sign-in, and share a process with it. With same-origin, or \
              same-origin-allow-popups where sign-in happens in a pop-up, that tie is cut.",
        fix: &[
            (Apache, r#"Header always set Cross-Origin-Opener-Policy "same-origin""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Cross-Origin-Opener-Policy "same-origin""#),
            (Django, r#"SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin""#),
            (Express, "app.use(helmet.crossOriginOpenerPolicy())"),
            (Haproxy, r#"http-response set-header Cross-Origin-Opener-Policy "same-origin""#),
            (Nginx, r#"add_header Cross-Origin-Opener-Policy "same-origin" always;"#),
        ],
        references: &[
            Spec(
                "WHATWG HTML, cross-origin opener policies",
                "https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies",
            ),
            Mdn("Cross-Origin-Opener-Policy"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html"),
    good: Example::Response("Content-Type: text/html\nCross-Origin-Opener-Policy: same-origin"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.documents() {
        let parsed = seen.value.field::<OpenerPolicy>();
        if parsed.value.is_none() {
            findings.push(&RULE, &seen.at, absence("Cross-Origin-Opener-Policy", &parsed));
        }
    }
}
