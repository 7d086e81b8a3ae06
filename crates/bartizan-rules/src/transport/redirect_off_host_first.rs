//! Plain HTTP is redirected to another host before HTTPS on its own.

use super::fixes;
use crate::explanation::Reference::{Rfc, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Plain HTTP is redirected to another host before HTTPS on its own.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "redirect-off-host-first",
        title: "Plain HTTP is redirected to another host before HTTPS on its own",
        why: "The first host is never asked over HTTPS, so browsers never learn its HSTS, and each visit to it \
              begins in the clear again. First to HTTPS on the same host, then to the other name: two steps, \
              and both are remembered.",
        fix: fixes::TO_HTTPS,
        references: &[
            Spec("HSTS preload list: submission requirements", "https://hstspreload.org/#submission-requirements"),
            Rfc(6797, "7.2"),
        ],
    },
    topic: Topic::Transport,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET http://app.example/\n< 301\n< Location: https://www.app.example/\n> GET https://www.app.example/\n< 200",
    ),
    good: Example::Exchange(
        "> GET http://app.example/\n< 301\n< Location: https://app.example/\n> GET https://app.example/\n< 301\n< Location: https://www.app.example/\n< Strict-Transport-Security: max-age=63072000\n> GET https://www.app.example/\n< 200",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for chain in facts.chains().iter().filter(|chain| chain.is_from_http()) {
        let Some((from, to)) = chain.steps().next() else { continue };
        if from.url().host() != to.url().host() {
            findings.push(&RULE, &from.at(), format!("leads to {}", to.url()));
        }
    }
}
