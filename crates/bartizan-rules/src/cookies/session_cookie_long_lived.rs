//! The session cookie outlives its use by far.

use bartizan_headers::set_cookie::Attribute;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The session cookie outlives its use by far.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-cookie-long-lived",
        title: "The session cookie outlives its use by far",
        why: "A session that lasts for a year can be stolen for a year, from a computer that was sold or a \
              browser that was shared. Where people wish to stay signed in, a token that is renewed on each \
              use serves better.",
        fix: &[
            (Apache, "# Give the session a shorter life in the app."),
            (Bartizan, "# Give the session a shorter life in the app."),
            (Caddy, "# Give the session a shorter life in the app."),
            (Django, "SESSION_COOKIE_AGE = 1209600"),
            (Express, "session({ cookie: { maxAge: 14 * 86400 * 1000 } })"),
            (Haproxy, "# Give the session a shorter life in the app."),
            (Nginx, "# Give the session a shorter life in the app."),
        ],
        references: &[
            Cwe(613),
            Spec(
                "OWASP Session Management Cheat Sheet",
                "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html",
            ),
        ],
    },
    topic: Topic::Cookies,
    severity: Severity::Info,
    bad: Example::Response(
        "Set-Cookie: __Host-sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=63072000",
    ),
    good: Example::Response(
        "Set-Cookie: __Host-sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=1209600",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.session_cookies() {
        let mut ages = seen.value.attributes().iter().filter_map(|attribute| match attribute {
            Attribute::MaxAge(seconds) => Some(*seconds),
            _ => None,
        });
        if let Some(seconds) = ages.next_back().filter(|seconds| *seconds > LONG) {
            let days = seconds / 86_400;
            findings.push(&RULE, &seen.at, format!("cookie {:?} lives for {days} days", seen.value.name()));
        }
    }
}

/// Ninety days: longer than the sessions that frameworks make by themselves.
const LONG: i64 = 90 * 86_400;
