//! A script or style from another origin is not checked.

use super::fixes;
use crate::Provenance;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::LoadKind;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A script or style from another origin is not checked.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "sri-missing",
        title: "A script or style from another origin is not checked",
        why: "Whoever controls that host, or breaks into it, runs scripts in this site. With integrity a \
              browser runs only the very file that was looked at. It fits files with a fixed version; what its \
              maker changes at will is better served from here.",
        fix: fixes::INTEGRITY,
        references: &[Spec("Subresource Integrity", "https://www.w3.org/TR/SRI/"), Cwe(353), Cwe(829)],
    },
    topic: Topic::Content,
    severity: Severity::Low,
    bad: Example::Page(r#"<script src="https://cdn.example/a.js"></script>"#),
    good: Example::Page(r#"<script src="/a.js"></script><script src="https://app.example:443/b.js"></script>"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages() {
        let at = Provenance::Live { url: page.url.clone() };
        for load in page.loads.iter().filter(|load| is_checkable(load.kind)) {
            let is_foreign = load.url.origin() != page.url.origin() && matches!(load.url.scheme(), "http" | "https");
            if is_foreign && load.integrity.as_deref().is_none_or(|text| text.trim().is_empty()) {
                findings.push(&RULE, &at, format!("{} {}", load.kind.as_str(), load.url));
            }
        }
    }
}

/// Whether browsers check the integrity of such a thing.
const fn is_checkable(kind: LoadKind) -> bool {
    matches!(kind, LoadKind::ModulePreload | LoadKind::Script | LoadKind::Stylesheet)
}
