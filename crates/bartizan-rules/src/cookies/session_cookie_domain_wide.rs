//! The session cookie goes to every host below the domain.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The session cookie goes to every host below the domain.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-cookie-domain-wide",
        title: "The session cookie goes to every host below the domain",
        why: "With Domain the cookie is sent to all names below, to the forgotten blog as well as to the one \
              somebody else runs. Whoever takes over one of them reads the session. Without Domain it stays \
              with the host that set it.",
        fix: &[
            (Apache, r#"Header always edit Set-Cookie "; *Domain=[^;]*" """#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header >Set-Cookie "; *Domain=[^;]*" """#),
            (Django, "SESSION_COOKIE_DOMAIN = None"),
            (Express, r#"session({ cookie: { secure: true, httpOnly: true, sameSite: "lax" } })  // no domain"#),
            (Haproxy, r#"http-response replace-header Set-Cookie "(.*); *Domain=[^;]*(.*)" "\1\2""#),
            (Nginx, r#"proxy_cookie_domain ~.* "";"#),
        ],
        references: &[
            Spec("RFC 6265bis, 8.5", "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-8.5"),
            Cwe(1275),
            Mdn("Set-Cookie"),
        ],
    },
    topic: Topic::Cookies,
    severity: Severity::Low,
    bad: Example::Response(
        "Set-Cookie: __Secure-sessionid=abc; Domain=app.example; Path=/; Secure; HttpOnly; SameSite=Lax",
    ),
    good: Example::Response("Set-Cookie: __Secure-sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.session_cookies() {
        if let Some(domain) = seen.value.domain() {
            findings.push(&RULE, &seen.at, format!("cookie {:?} is for {domain:?}", seen.value.name()));
        }
    }
}
