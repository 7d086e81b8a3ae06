//! A redirect over HTTPS comes without HSTS.

use super::fixes;
use bartizan_headers::Hsts;

use crate::explanation::Reference::{Rfc, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A redirect over HTTPS comes without HSTS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-on-redirect-missing",
        title: "A redirect over HTTPS comes without HSTS",
        why: "Browsers remember HSTS for each host by itself. A host that only redirects, such as the one \
              without www, is never remembered when its redirect lacks the field, and its next first visit \
              goes out in the clear. Servers leave fields out of redirects unless they are told otherwise.",
        fix: fixes::HSTS_EVERYWHERE,
        references: &[
            Rfc(6797, "7.2"),
            Spec("HSTS preload list: submission requirements", "https://hstspreload.org/#submission-requirements"),
        ],
    },
    topic: Topic::Transport,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/\n< 301\n< Location: https://app.example/shop\n> GET https://app.example/shop\n< 200\n< Strict-Transport-Security: max-age=63072000",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n< 301\n< Location: https://app.example/shop\n< Strict-Transport-Security: max-age=63072000\n> GET https://app.example/shop\n< 200\n< Strict-Transport-Security: max-age=63072000",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let mut told = Vec::new();
    for chain in facts.chains() {
        // Where the site itself does not send it, hsts-missing speaks of all its answers.
        if !chain.last().is_some_and(|last| last.is_secure() && last.has("strict-transport-security")) {
            continue;
        }
        for (response, _) in chain.steps() {
            let is_bare = response.is_secure() && response.field::<Hsts>().value.is_none();
            if is_bare && !told.contains(&response.url()) {
                told.push(response.url());
                findings.push(&RULE, &response.at(), format!("status {} without HSTS", response.status().as_u16()));
            }
        }
    }
}
