//! A form is sent in the clear.

use crate::Provenance;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A form is sent in the clear.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "form-action-insecure",
        title: "A form is sent in the clear",
        why: "What is filled in leaves the browser over plain HTTP, and whoever sits on the network reads and \
              changes it. Browsers warn of it, and password managers refuse to fill in such a form. The \
              address of the form is often a leftover from before HTTPS.",
        fix: &[
            (Apache, "# Write the address of the form with https://, or without scheme and host."),
            (Bartizan, "# Write the address of the form with https://, or without scheme and host."),
            (Caddy, "# Write the address of the form with https://, or without scheme and host."),
            (Django, r#"<form method="post" action="{% url 'login' %}">"#),
            (Express, "# Write the address of the form with https://, or without scheme and host."),
            (Haproxy, "# Write the address of the form with https://, or without scheme and host."),
            (Nginx, "# Write the address of the form with https://, or without scheme and host."),
        ],
        references: &[
            Spec("Mixed Content, forms", "https://www.w3.org/TR/mixed-content/#requirements-forms"),
            Cwe(319),
        ],
    },
    topic: Topic::Transport,
    severity: Severity::Medium,
    bad: Example::Page(r#"<form action="http://app.example/login"><input type="password"></form>"#),
    good: Example::Page(r#"<form action="/login"><input type="password"></form>"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages().iter().filter(|page| page.url.scheme() == "https") {
        for form in page.forms.iter().filter(|form| form.action.scheme() == "http") {
            let at = Provenance::Live { url: page.url.clone() };
            let finding = findings.push(&RULE, &at, format!("a form goes to {}", form.action));
            if form.has_password {
                finding.severity(Severity::High);
            }
        }
    }
}
