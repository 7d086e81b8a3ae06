//! Plain HTTP is answered instead of being redirected to HTTPS.

use super::fixes;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::End;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Plain HTTP is answered instead of being redirected to HTTPS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "http-not-redirected",
        title: "Plain HTTP is answered instead of being redirected to HTTPS",
        why: "Whoever types the name, or follows an old link, stays on plain HTTP. Whoever sits on the network \
              reads and changes everything there, cookies without Secure included. Each path needs the \
              redirect: links from elsewhere lead to pages, not to the front door.",
        fix: fixes::TO_HTTPS,
        references: &[
            Cwe(319),
            Spec(
                "OWASP Transport Layer Security Cheat Sheet",
                "https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html",
            ),
        ],
    },
    topic: Topic::Transport,
    severity: Severity::Medium,
    bad: Example::Exchange("> GET http://app.example/\n< 200\n< Content-Type: text/html\n<\n< <p>Shop</p>"),
    good: Example::Exchange(
        "> GET http://app.example/\n< 308\n< Location: https://app.example/\n> GET https://app.example/\n< 200",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for chain in facts.chains().iter().filter(|chain| chain.is_from_http()) {
        let Some(last) = chain.last().filter(|last| !last.is_secure()) else { continue };
        if chain.end == End::Answered && last.status().is_success() {
            let status = last.status().as_u16();
            let message = format!("status {status} over plain HTTP");
            let is_first = chain.asked == *last.url();
            let message = if is_first { message } else { format!("{} ends with {message}", chain.asked) };
            findings.push(&RULE, &last.at(), message);
        }
    }
}
