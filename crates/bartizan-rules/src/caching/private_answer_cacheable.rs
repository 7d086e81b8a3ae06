//! A shared cache may keep an answer that starts a session.

use bartizan_headers::session_names::session_name;
use bartizan_headers::{CacheControl, Field, SetCookie};

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Rfc};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A shared cache may keep an answer that starts a session.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "private-answer-cacheable",
        title: "A shared cache may keep an answer that starts a session",
        why: "The response sets a session cookie, and nothing in it forbids a shared cache to keep it. The next \
              visitor who gets it from there is in the first one's session, or sees the first one's page.",
        fix: &[
            (Apache, r#"Header always set Cache-Control "no-store""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Cache-Control "no-store""#),
            (Django, "from django.views.decorators.cache import never_cache"),
            (Express, r#"res.set("Cache-Control", "no-store")"#),
            (Haproxy, r#"http-response set-header Cache-Control "no-store""#),
            (Nginx, r#"add_header Cache-Control "no-store" always;"#),
        ],
        references: &[Rfc(9111, "7.3"), Cwe(524), Mdn("Cache-Control")],
    },
    topic: Topic::Caching,
    severity: Severity::Medium,
    bad: Example::Response(
        "Set-Cookie: sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax\nCache-Control: max-age=600",
    ),
    good: Example::Response(
        "Set-Cookie: sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax\nCache-Control: private, no-cache",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        let mut cookies = seen.value.lines("set-cookie").filter_map(|line| SetCookie::parse(&[line]).value);
        if !cookies.any(|cookie| session_name(cookie.name()).is_some() && !cookie.is_removal()) {
            continue;
        }
        let message = match seen.value.field::<CacheControl>().value {
            Some(control) if control.is_closed_to_shared_caches() || control.is_always_revalidated() => continue,
            Some(control) => format!("Cache-Control is {control}"),
            None => "Cache-Control is not sent".to_owned(),
        };
        findings.push(&RULE, &seen.at, message);
    }
}
