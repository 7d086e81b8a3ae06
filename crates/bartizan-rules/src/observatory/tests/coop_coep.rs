//! Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy.

use crate::observatory::javascript::{prefix, trim};
use crate::observatory::structured::token;
use crate::observatory::{Answer, Verdict};

static COEP_CREDENTIALLESS: Verdict = Verdict::pass("coep-implemented-with-credentialless", 10);
static COEP_INVALID: Verdict = Verdict::fail("coep-header-invalid", -5);
static COEP_NOT_IMPLEMENTED: Verdict = Verdict::pass("coep-not-implemented", 0);
static COEP_REQUIRE_CORP: Verdict = Verdict::pass("coep-implemented-with-require-corp", 10);
static COEP_UNSAFE_NONE: Verdict = Verdict::pass("coep-implemented-with-unsafe-none", 0);

static COOP_INVALID: Verdict = Verdict::fail("coop-header-invalid", -5);
static COOP_NOOPENER_POPUPS: Verdict = Verdict::pass("coop-implemented-with-noopener-allow-popups", 10);
static COOP_NOT_IMPLEMENTED: Verdict = Verdict::pass("coop-not-implemented", 0);
static COOP_POPUPS: Verdict = Verdict::pass("coop-implemented-with-same-origin-allow-popups", 10);
static COOP_SAME_ORIGIN: Verdict = Verdict::pass("coop-implemented-with-same-origin", 10);
static COOP_UNSAFE_NONE: Verdict = Verdict::pass("coop-implemented-with-unsafe-none", 0);

pub(super) static EMBEDDER: &[&Verdict] =
    &[&COEP_REQUIRE_CORP, &COEP_CREDENTIALLESS, &COEP_UNSAFE_NONE, &COEP_NOT_IMPLEMENTED, &COEP_INVALID];
pub(super) static OPENER: &[&Verdict] =
    &[&COOP_SAME_ORIGIN, &COOP_POPUPS, &COOP_NOOPENER_POPUPS, &COOP_UNSAFE_NONE, &COOP_NOT_IMPLEMENTED, &COOP_INVALID];

pub(super) fn embedder(graded: &Answer) -> &'static Verdict {
    let Some(policy) = policy(graded, "cross-origin-embedder-policy") else { return &COEP_NOT_IMPLEMENTED };
    match policy.as_deref() {
        Some("require-corp") => &COEP_REQUIRE_CORP,
        Some("credentialless") => &COEP_CREDENTIALLESS,
        Some("unsafe-none") => &COEP_UNSAFE_NONE,
        _ => &COEP_INVALID,
    }
}

pub(super) fn opener(graded: &Answer) -> &'static Verdict {
    let Some(policy) = policy(graded, "cross-origin-opener-policy") else { return &COOP_NOT_IMPLEMENTED };
    match policy.as_deref() {
        Some("same-origin") => &COOP_SAME_ORIGIN,
        Some("same-origin-allow-popups") => &COOP_POPUPS,
        Some("noopener-allow-popups") => &COOP_NOOPENER_POPUPS,
        Some("unsafe-none") => &COOP_UNSAFE_NONE,
        _ => &COOP_INVALID,
    }
}

/// Returns the policy's word, where the field was sent at all.
fn policy(graded: &Answer, name: &str) -> Option<Option<String>> {
    let value = graded.field(name).filter(|value| !value.is_empty())?;
    Some(token(trim(prefix(&value, 1024))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_case_sensitive() {
        for (value, verdict) in [
            ("same-origin", &COOP_SAME_ORIGIN),
            ("same-origin; report-to=\"x\"", &COOP_SAME_ORIGIN),
            ("Same-Origin", &COOP_INVALID),
            ("same-origin, same-origin", &COOP_INVALID),
            ("", &COOP_NOT_IMPLEMENTED),
        ] {
            let lines = vec![("cross-origin-opener-policy".to_owned(), value.to_owned())];
            assert_eq!(opener(&Answer { lines, ..Answer::default() }), verdict, "{value}");
        }
    }
}
