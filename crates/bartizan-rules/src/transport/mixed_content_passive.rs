//! The page loads pictures, sound or video in the clear.

use super::fixes;
use super::is_upgraded;
use crate::Provenance;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The page loads pictures, sound or video in the clear.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "mixed-content-passive",
        title: "The page loads pictures, sound or video in the clear",
        why: "Browsers try HTTPS instead, and show nothing where that fails. Older ones load it in the clear, \
              so that whoever sits on the network sees which page is read and can exchange the picture. The \
              lock in the address bar goes, too.",
        fix: fixes::UPGRADED_REQUESTS,
        references: &[Spec("Mixed Content", "https://www.w3.org/TR/mixed-content/"), Cwe(319)],
    },
    topic: Topic::Transport,
    severity: Severity::Low,
    bad: Example::Page(r#"<img src="http://cdn.example/a.png">"#),
    good: Example::Page(r#"<img src="//cdn.example/a.png">"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages().iter().filter(|page| page.url.scheme() == "https" && !is_upgraded(facts, page)) {
        let at = Provenance::Live { url: page.url.clone() };
        for load in page.loads.iter().filter(|load| !load.kind.is_active() && load.url.scheme() == "http") {
            findings.push(&RULE, &at, format!("{} {}", load.kind.as_str(), load.url));
        }
    }
}
