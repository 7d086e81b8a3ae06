//! The page loads scripts, styles or frames in the clear.

use super::fixes;
use super::is_upgraded;
use crate::Provenance;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The page loads scripts, styles or frames in the clear.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "mixed-content-active",
        title: "The page loads scripts, styles or frames in the clear",
        why: "Browsers block what could change the page, so part of it does not work. Where something does not \
              block it, whoever sits on the network runs scripts in the page. Addresses without a scheme \
              follow the page's own.",
        fix: fixes::UPGRADED_REQUESTS,
        references: &[Spec("Mixed Content", "https://www.w3.org/TR/mixed-content/"), Cwe(319)],
    },
    topic: Topic::Transport,
    severity: Severity::Medium,
    bad: Example::Page(r#"<script src="http://cdn.example/a.js"></script>"#),
    good: Example::Page(r#"<script src="//cdn.example/a.js" integrity="sha384-x" crossorigin="anonymous"></script>"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages().iter().filter(|page| page.url.scheme() == "https" && !is_upgraded(facts, page)) {
        let at = Provenance::Live { url: page.url.clone() };
        for load in page.loads.iter().filter(|load| load.kind.is_active() && load.url.scheme() == "http") {
            findings.push(&RULE, &at, format!("{} {}", load.kind.as_str(), load.url));
        }
    }
}
