//! A checked script from another origin lacks crossorigin, and is blocked.

use super::fixes;
use crate::Provenance;
use crate::explanation::Reference::Spec;
use crate::facts::{Load, LoadKind};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A checked script from another origin lacks crossorigin, and is blocked.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "sri-without-crossorigin",
        title: "A checked script from another origin lacks crossorigin, and is blocked",
        why: "A browser may check only what it may read. Without crossorigin it must not read a file of \
              another origin, so the check fails and the file is not run. crossorigin=anonymous asks the other \
              host for leave, without cookies.",
        fix: fixes::INTEGRITY,
        references: &[
            Spec("Subresource Integrity", "https://www.w3.org/TR/SRI/"),
            Spec(
                "HTML, CORS settings attributes",
                "https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes",
            ),
        ],
    },
    topic: Topic::Content,
    severity: Severity::Low,
    bad: Example::Page(
        r#"<script src="https://cdn.example/a.js" integrity="sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="></script>"#,
    ),
    good: Example::Page(
        r#"<script src="https://cdn.example/a.js" integrity="sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" crossorigin="anonymous"></script>"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages() {
        let at = Provenance::Live { url: page.url.clone() };
        // Modules are always asked for with leave.
        let is_classic = |load: &&Load| matches!(load.kind, LoadKind::Script | LoadKind::Stylesheet);
        for load in page.loads.iter().filter(is_classic) {
            let is_checked = load.integrity.as_deref().is_some_and(|text| !text.trim().is_empty());
            if is_checked && load.crossorigin.is_none() && load.url.origin() != page.url.origin() {
                findings.push(&RULE, &at, format!("{} {}", load.kind.as_str(), load.url));
            }
        }
    }
}
