//! The session cookie goes along with requests from other sites.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The session cookie goes along with requests from other sites.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-cookie-without-same-site",
        title: "The session cookie goes along with requests from other sites",
        why: "A foreign page can send a form or load an address of the site, and the browser adds the session \
              cookie, so that the site takes it for the visitor's wish. Some browsers treat a cookie without \
              SameSite as Lax, others do not, and those that do make an exception for the first minutes.",
        fix: &[
            (Apache, r#"Header always edit Set-Cookie "^(.*)$" "$1; SameSite=Lax""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header_down Set-Cookie "^(.*)$" "$1; SameSite=Lax"  # inside reverse_proxy"#),
            (Django, r#"SESSION_COOKIE_SAMESITE = "Lax""#),
            (Express, r#"session({ cookie: { sameSite: "lax" } })"#),
            (Haproxy, r#"http-response replace-header Set-Cookie "(.*)" "\1; SameSite=Lax""#),
            (Nginx, "proxy_cookie_flags sessionid samesite=lax;"),
        ],
        references: &[Cwe(1275), Cwe(352), Mdn("Set-Cookie")],
    },
    topic: Topic::Cookies,
    severity: Severity::Medium,
    bad: Example::Response("Set-Cookie: sessionid=abc; Path=/; Secure; HttpOnly"),
    good: Example::Response("Set-Cookie: sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.session_cookies() {
        if seen.value.same_site().is_none() {
            findings.push(&RULE, &seen.at, format!("cookie {:?}", seen.value.name()));
        }
    }
}
