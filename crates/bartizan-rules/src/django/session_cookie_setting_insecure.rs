//! SESSION_COOKIE_SECURE is not True.

use super::session_cookie::judge;
use super::weigh::weigh;
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The session cookie is sent over plain HTTP, too.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-cookie-setting-insecure",
        title: "The session cookie is sent over plain HTTP, too",
        why: "A cookie without Secure goes along with every plain HTTP request to the site. Whoever sits on the \
              network can provoke one, read the cookie and be the visitor from then on.",
        fix: &[(Django, "SESSION_COOKIE_SECURE = True")],
        references: &[
            Spec(
                "Django settings: SESSION_COOKIE_SECURE",
                "https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-secure",
            ),
            Cwe(614),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, "INSTALLED_APPS = [\"django.contrib.sessions\"]\nSESSION_COOKIE_SECURE = False"),
    good: Example::File(Format::Django, "INSTALLED_APPS = [\"django.contrib.sessions\"]\nSESSION_COOKIE_SECURE = True"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let ids = ["security.W010", "security.W011", "security.W012"];
    weigh(&RULE, facts, findings, |django, outcome| judge(django, outcome, "SESSION_COOKIE_SECURE", false, ids));
}
