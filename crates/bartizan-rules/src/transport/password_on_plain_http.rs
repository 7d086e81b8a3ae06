//! A password is asked for on a page over plain HTTP.

use super::fixes;
use crate::Provenance;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A password is asked for on a page over plain HTTP.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "password-on-plain-http",
        title: "A password is asked for on a page over plain HTTP",
        why: "Whoever sits on the network changes such a page before it arrives, and sends the password where \
              they like. It does not help that the form itself goes to HTTPS. Browsers say beside the field \
              that it is not secure.",
        fix: fixes::TO_HTTPS,
        references: &[Cwe(523), Spec("Secure Contexts", "https://www.w3.org/TR/secure-contexts/")],
    },
    topic: Topic::Transport,
    severity: Severity::High,
    bad: Example::Exchange(
        "> GET http://app.example/login\n< 200\n< Content-Type: text/html\n<\n< <form action=\"https://app.example/login\"><input type=\"password\"></form>",
    ),
    good: Example::Exchange(
        "> GET https://app.example/login\n< 200\n< Content-Type: text/html\n<\n< <form action=\"https://app.example/login\"><input type=\"password\"></form>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages().iter().filter(|page| page.url.scheme() == "http") {
        if page.forms.iter().any(|form| form.has_password) {
            let at = Provenance::Live { url: page.url.clone() };
            findings.push(&RULE, &at, "a form asks for a password");
        }
    }
}
