//! ALLOWED_HOSTS is empty.

use super::look::is_truthy;
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Django has no host to answer for.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "allowed-hosts-empty",
        title: "Django has no host to answer for",
        why: "Without DEBUG Django refuses every request while ALLOWED_HOSTS is empty, so nobody runs it like that \
              for long. The way out that is found at night is the asterisk, which lets a forged Host header into \
              password-reset mails.",
        fix: &[(Django, r#"ALLOWED_HOSTS = ["www.example.org"]"#)],
        references: &[
            Spec(
                "Django settings: ALLOWED_HOSTS",
                "https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts",
            ),
            Cwe(20),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(Format::Django, "ALLOWED_HOSTS = []"),
    good: Example::File(Format::Django, r#"ALLOWED_HOSTS = ["www.example.org"]"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let has_hosts = is_truthy(outcome, "ALLOWED_HOSTS", false);
        if has_hosts == Some(true) {
            return Vec::new();
        }
        let hit = Hit::new(django, outcome, "ALLOWED_HOSTS", "ALLOWED_HOSTS names no host").id("security.W020");
        vec![hit.fix("ALLOWED_HOSTS = [\"www.example.org\"]").unless_known(has_hosts.is_some())]
    });
}
