//! A page does not say in which characters it is written.

use bartizan_headers::content_type::ContentType;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::Meta;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A page does not say in which characters it is written.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "charset-missing",
        title: "A page does not say in which characters it is written",
        why: "A browser then guesses from the bytes. With some encodings a text that was harmless when it was \
              checked turns into markup, and visitors elsewhere see broken letters. charset=utf-8 behind the \
              type ends the guessing.",
        fix: &[
            (Apache, "AddDefaultCharset utf-8"),
            (Bartizan, "# Say it in the app: Bartizan does not know in which characters it writes."),
            (Caddy, r#"header Content-Type "text/html; charset=utf-8""#),
            (Django, r#"DEFAULT_CHARSET = "utf-8""#),
            (Express, r#"res.type("html")"#),
            (Haproxy, r#"http-response replace-header Content-Type "^text/html$" "text/html; charset=utf-8""#),
            (Nginx, "charset utf-8;"),
        ],
        references: &[
            Spec(
                "HTML, determining the character encoding",
                "https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding",
            ),
            Cwe(172),
        ],
    },
    topic: Topic::Content,
    severity: Severity::Low,
    bad: Example::Page("<p>Grüezi</p>"),
    good: Example::Page(r#"<meta charset="utf-8"><p>Grüezi</p>"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages() {
        let Some(seen) = facts.documents().find(|seen| *seen.value.url() == page.url) else { continue };
        let is_said = seen.value.field::<ContentType>().value.is_some_and(|kind| kind.parameter("charset").is_some());
        let is_meant = |meta: &Meta| meta.name == "charset" || (meta.is_header && meta.name == "content-type");
        if !is_said && !page.metas.iter().any(is_meant) {
            findings.push(&RULE, &seen.at, "neither Content-Type nor <meta> names a charset");
        }
    }
}
