//! SESSION_COOKIE_HTTPONLY is not True.

use super::session_cookie::judge;
use super::weigh::weigh;
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Scripts can read the session cookie.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-cookie-setting-readable",
        title: "Scripts can read the session cookie",
        why: "A cookie without HttpOnly can be read by every script on the page. One script that an attacker slips \
              in then takes the login away, and not only what it can do on the spot.",
        fix: &[(Django, "SESSION_COOKIE_HTTPONLY = True")],
        references: &[
            Spec(
                "Django settings: SESSION_COOKIE_HTTPONLY",
                "https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-httponly",
            ),
            Cwe(1004),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Django,
        "INSTALLED_APPS = [\"django.contrib.sessions\"]\nSESSION_COOKIE_HTTPONLY = False",
    ),
    good: Example::File(
        Format::Django,
        "INSTALLED_APPS = [\"django.contrib.sessions\"]\nSESSION_COOKIE_HTTPONLY = True",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let ids = ["security.W013", "security.W014", "security.W015"];
    weigh(&RULE, facts, findings, |django, outcome| judge(django, outcome, "SESSION_COOKIE_HTTPONLY", true, ids));
}
