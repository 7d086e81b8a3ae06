//! The page asks for cross-origin isolation, and gets only half of it.

use bartizan_headers::cross_origin::{Embedder, EmbedderPolicy, Opener, OpenerPolicy};

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The page asks for cross-origin isolation, and gets only half of it.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cross-origin-isolation-half",
        title: "The page asks for cross-origin isolation, and gets only half of it",
        why: "Browsers isolate a page, and give it exact clocks and shared memory, when COOP is same-origin \
              and COEP is require-corp or credentialless. One without the other costs what it blocks, and does \
              not bring that.",
        fix: &[
            (Apache, r#"Header always set Cross-Origin-Opener-Policy "same-origin""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Cross-Origin-Opener-Policy "same-origin""#),
            (Django, r#"response.headers["Cross-Origin-Opener-Policy"] = "same-origin"  # in a middleware"#),
            (Express, r#"res.set("Cross-Origin-Opener-Policy", "same-origin")"#),
            (Haproxy, r#"http-response set-header Cross-Origin-Opener-Policy "same-origin""#),
            (Nginx, r#"add_header Cross-Origin-Opener-Policy "same-origin" always;"#),
        ],
        references: &[
            Spec(
                "HTML, cross-origin isolation",
                "https://html.spec.whatwg.org/multipage/document-sequences.html#cross-origin-isolation-mode",
            ),
            Mdn("Cross-Origin-Embedder-Policy"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Info,
    bad: Example::Response(
        "Content-Type: text/html\nCross-Origin-Embedder-Policy: require-corp\nCross-Origin-Opener-Policy: same-origin-allow-popups",
    ),
    good: Example::Response(
        "Content-Type: text/html\nCross-Origin-Embedder-Policy: require-corp\nCross-Origin-Opener-Policy: same-origin",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.documents() {
        let embedder = seen.value.field::<EmbedderPolicy>().value;
        let embeds = embedder.is_some_and(|policy| policy.value != Embedder::UnsafeNone);
        let opener = seen.value.field::<OpenerPolicy>().value;
        if embeds && !opener.is_some_and(|policy| policy.value == Opener::SameOrigin) {
            findings.push(
                &RULE,
                &seen.at,
                "Cross-Origin-Embedder-Policy without same-origin in Cross-Origin-Opener-Policy",
            );
        }
    }
}
