//! An integrity attribute cannot be read, so nothing is checked.

use super::fixes;
use crate::Provenance;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// An integrity attribute cannot be read, so nothing is checked.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "sri-malformed",
        title: "An integrity attribute cannot be read, so nothing is checked",
        why: "Browsers know sha256, sha384 and sha512, each with a digest of its own length in base64. An \
              attribute without any of them is as good as none: whatever comes is run. MD5 and SHA-1 were \
              never part of it.",
        fix: fixes::INTEGRITY,
        references: &[Spec("Subresource Integrity", "https://www.w3.org/TR/SRI/"), Cwe(353)],
    },
    topic: Topic::Content,
    severity: Severity::Medium,
    bad: Example::Page(
        r#"<script src="https://cdn.example/a.js" integrity="sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" crossorigin="anonymous"></script>"#,
    ),
    good: Example::Page(
        r#"<script src="https://cdn.example/a.js" integrity="sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" crossorigin="anonymous"></script>"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages() {
        let at = Provenance::Live { url: page.url.clone() };
        for load in &page.loads {
            let Some(integrity) = load.integrity.as_deref().filter(|text| !text.trim().is_empty()) else { continue };
            if !integrity.split_whitespace().any(is_digest) {
                findings.push(&RULE, &at, format!("{} {} has integrity {integrity:?}", load.kind.as_str(), load.url));
            }
        }
    }
}

/// Whether a browser would check against it: algorithm, digest of its length, perhaps options (SRI, 3.5).
fn is_digest(word: &str) -> bool {
    let word = word.split('?').next().unwrap_or_default();
    let Some((algorithm, digest)) = word.split_once('-') else { return false };
    let length = match algorithm {
        "sha256" => 43,
        "sha384" => 64,
        "sha512" => 86,
        _ => return false,
    };
    let body = digest.trim_end_matches('=');
    body.len() == length && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte))
}
