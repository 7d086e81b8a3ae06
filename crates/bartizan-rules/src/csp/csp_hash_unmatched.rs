//! A hash of the policy matches nothing on the page.

use bartizan_headers::csp::{HashAlgorithm, Policy, PolicyList, Source};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::Load;
use crate::{Confidence, Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A hash of the policy matches nothing on the page.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-hash-unmatched",
        title: "A hash of the policy matches nothing on the page",
        why: "A hash allows one text, to the letter. Where no script of the page has it, the script was \
              changed and is now blocked, or it has gone and the hash stayed behind. Policies grow that way \
              until nobody dares to change them.",
        fix: &[
            (
                Apache,
                "# Make the hash anew from the text as it is sent, blanks and line ends included; or take it out.",
            ),
            (Bartizan, "# Make the hash anew in the app; Bartizan does not change what it allows."),
            (Caddy, "# Make the hash anew from the text as it is sent, blanks and line ends included; or take it out."),
            (Django, r#"SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}  # a nonce needs no care"#),
            (Express, r#"res.locals.nonce = crypto.randomBytes(16).toString("base64")  // a nonce needs no care"#),
            (
                Haproxy,
                "# Make the hash anew from the text as it is sent, blanks and line ends included; or take it out.",
            ),
            (Nginx, "# Make the hash anew from the text as it is sent, blanks and line ends included; or take it out."),
        ],
        references: &[
            Spec("CSP Level 3, hashes", "https://www.w3.org/TR/CSP3/#security-hashes"),
            Mdn("Content-Security-Policy/script-src"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Info,
    bad: Example::Page(
        "Content-Security-Policy: script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='\n\n<script>go()</script>",
    ),
    good: Example::Page(
        "Content-Security-Policy: script-src 'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='\n\n<script>go()</script>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages() {
        let Some(seen) = facts.responses().find(|seen| *seen.value.url() == page.url) else { continue };
        let policies = seen.value.field::<PolicyList>().value.unwrap_or_default();
        for directive in policies.policies.iter().flat_map(Policy::directives) {
            for source in directive.value.sources() {
                let Source::Hash(algorithm, wanted) = source else { continue };
                let wanted = wanted.replace('-', "+").replace('_', "/");
                let inline = page.inline.iter().any(|inline| digest(*algorithm, &inline.text) == wanted);
                // A hash may also stand for a file that is loaded with the same one in its integrity.
                let is_there = |load: &Load| load.integrity.as_deref().is_some_and(|text| text.contains(&wanted));
                if !inline && !page.loads.iter().any(is_there) {
                    // Another page under the same policy may need it.
                    let finding = findings.push(&RULE, &seen.at, format!("{} {source}", directive.name));
                    finding.confidence(Confidence::Low);
                }
            }
        }
    }
}

fn digest(algorithm: HashAlgorithm, text: &str) -> String {
    match algorithm {
        HashAlgorithm::Sha256 => STANDARD.encode(Sha256::digest(text)),
        HashAlgorithm::Sha384 => STANDARD.encode(Sha384::digest(text)),
        HashAlgorithm::Sha512 => STANDARD.encode(Sha512::digest(text)),
    }
}
