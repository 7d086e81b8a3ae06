//! An answer for everybody sets a cookie.

use bartizan_headers::session_names::session_name;
use bartizan_headers::{CacheControl, Field, SetCookie};

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Rfc};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// An answer for everybody sets a cookie.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cookie-in-public-answer",
        title: "An answer for everybody sets a cookie",
        why: "The answer says that any cache may keep it, and sets a cookie. Caches differ in what they do: \
              some hand the cookie of the first visitor to all others, some keep nothing. Either the answer is \
              for everybody, or it sets cookies.",
        fix: &[
            (Apache, r#"Header always set Cache-Control "private, no-cache""#),
            (Bartizan, "# Decide it in the app: either no cookie, or not public."),
            (Caddy, r#"header Cache-Control "private, no-cache""#),
            (Django, "@never_cache  # from django.views.decorators.cache"),
            (Express, r#"res.set("Cache-Control", "private, no-cache")"#),
            (Haproxy, r#"http-response set-header Cache-Control "private, no-cache""#),
            (Nginx, r#"add_header Cache-Control "private, no-cache" always;"#),
        ],
        references: &[Rfc(9111, "7.3"), Cwe(524), Mdn("Cache-Control")],
    },
    topic: Topic::Caching,
    severity: Severity::Low,
    bad: Example::Response("Set-Cookie: theme=dark; Path=/; Secure; SameSite=Lax\nCache-Control: public, max-age=600"),
    good: Example::Response(
        "Set-Cookie: theme=dark; Path=/; Secure; SameSite=Lax\nCache-Control: private, max-age=600",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        let Some(control) = seen.value.field::<CacheControl>().value else { continue };
        let is_public = (control.has("public") || control.has("s-maxage")) && !control.is_closed_to_shared_caches();
        let mut cookies = seen.value.lines("set-cookie").filter_map(|line| SetCookie::parse(&[line]).value);
        // private-answer-cacheable speaks of sessions.
        if let Some(cookie) = cookies.find(|one| !one.is_removal() && session_name(one.name()).is_none())
            && is_public
        {
            findings.push(&RULE, &seen.at, format!("cookie {:?} under Cache-Control: {control}", cookie.name()));
        }
    }
}
