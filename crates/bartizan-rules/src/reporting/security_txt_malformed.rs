//! Security.txt lacks what it needs, or is out of date.

use super::fixes;
use jiff::Timestamp;

use crate::explanation::Reference::{Rfc, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Security.txt lacks what it needs, or is out of date.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "security-txt-malformed",
        title: "The file security.txt lacks what it needs, or is out of date",
        why: "Whoever finds a fault reads there whom to tell. Without Contact there is nobody, and a file that \
              has expired may lead to somebody who has left, so researchers are told not to trust it. It is \
              plain text over HTTPS, and says once until when it holds.",
        fix: fixes::SECURITY_TXT,
        references: &[Rfc(9116, "2.5"), Spec("securitytxt.org", "https://securitytxt.org/")],
    },
    topic: Topic::Reporting,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/.well-known/security.txt\n< 200\n< Content-Type: text/plain; charset=utf-8\n<\n< Contact: mailto:security@app.example\n< Expires: 2024-12-31T00:00:00Z",
    ),
    good: Example::Exchange(
        "> GET https://app.example/.well-known/security.txt\n< 200\n< Content-Type: text/plain; charset=utf-8\n<\n< Contact: mailto:security@app.example\n< Expires: 2026-12-31T00:00:00Z",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(response) = facts.security_txt().filter(|response| super::is_security_txt(response)) else { return };
    let mut say = |what: String| {
        findings.push(&RULE, &response.at(), what);
    };
    let body = response.body().unwrap_or_default();
    let values = |name: &str| -> Vec<&str> {
        let fields = body.lines().filter_map(|line| line.split_once(':'));
        fields.filter(|(known, _)| known.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    };
    if values("contact").is_empty() {
        say("no Contact".to_owned());
    }
    match values("expires").as_slice() {
        [] => say("no Expires".to_owned()),
        [only] => match (only.parse::<Timestamp>(), facts.now()) {
            (Err(_), _) => say(format!("Expires cannot be read: {only:?}")),
            (Ok(end), Some(now)) if end < now => say(format!("expired at {only}")),
            (Ok(_), _) => {}
        },
        several => say(format!("Expires is said {} times", several.len())),
    }
    let insecure = ["contact", "encryption", "policy", "canonical"].into_iter().flat_map(values);
    if let Some(address) = insecure.into_iter().find(|value| value.starts_with("http://")) {
        say(format!("an address in the clear: {address}"));
    }
    if !response.is_secure() {
        say("it comes over plain HTTP".to_owned());
    }
}
