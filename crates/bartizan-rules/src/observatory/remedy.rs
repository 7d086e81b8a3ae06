//! Which of our rules tells how to mend what a test found.

use crate::Rule;
use crate::catalog::find;

/// Returns the rule that explains a result and mends it; none for results without a fault.
pub fn remedy(result: &str) -> Option<&'static Rule> {
    REMEDIES.iter().find(|(known, _)| *known == result).and_then(|(_, id)| find(id))
}

/// Results that cost points, and who mends them.
static REMEDIES: &[(&str, &str)] = &[
    ("cookies-anticsrf-without-samesite-flag", "session-cookie-without-same-site"),
    ("cookies-samesite-flag-invalid", "same-site-none-not-secure"),
    ("cookies-session-without-httponly-flag", "session-cookie-not-http-only"),
    ("cookies-session-without-secure-flag", "cookie-not-secure"),
    ("cookies-session-without-secure-flag-but-protected-by-hsts", "cookie-not-secure"),
    ("cookies-without-secure-flag", "cookie-not-secure"),
    ("cookies-without-secure-flag-but-protected-by-hsts", "cookie-not-secure"),
    ("coop-header-invalid", "coop-missing"),
    ("corp-header-invalid", "corp-missing"),
    ("csp-header-invalid", "csp-missing"),
    ("csp-implemented-with-unsafe-inline", "csp-script-unsafe-inline"),
    ("csp-not-implemented", "csp-missing"),
    ("csp-not-implemented-but-reporting-enabled", "csp-missing"),
    ("hsts-header-invalid", "hsts-missing"),
    ("hsts-implemented-max-age-less-than-six-months", "hsts-max-age-short"),
    ("hsts-not-implemented", "hsts-missing"),
    ("referrer-policy-header-invalid", "referrer-policy-missing"),
    ("referrer-policy-unsafe", "referrer-policy-unsafe"),
    ("x-content-type-options-header-invalid", "nosniff-missing"),
    ("x-content-type-options-not-implemented", "nosniff-missing"),
    ("x-frame-options-header-invalid", "framing-unrestricted"),
    ("x-frame-options-not-implemented", "framing-unrestricted"),
];

#[cfg(test)]
mod unit_tests {
    use super::*;
    use crate::observatory::tests::verdicts;

    #[test]
    fn each_entry_names_a_result_and_a_rule() {
        for (result, id) in REMEDIES {
            assert!(verdicts().any(|verdict| verdict.result == *result && verdict.modifier < 0), "{result}");
            assert!(remedy(result).is_some(), "{id}");
        }
    }
}
