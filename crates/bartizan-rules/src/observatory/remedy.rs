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
    ("cross-origin-resource-sharing-implemented-with-universal-access", "cors-any-origin-with-credentials"),
    ("csp-header-invalid", "csp-missing"),
    ("csp-implemented-with-insecure-scheme", "csp-insecure-source"),
    ("csp-implemented-with-insecure-scheme-in-passive-content-only", "csp-insecure-source"),
    ("csp-implemented-with-unsafe-eval", "csp-script-unsafe-eval"),
    ("csp-implemented-with-unsafe-inline", "csp-script-unsafe-inline"),
    ("csp-not-implemented", "csp-missing"),
    ("csp-not-implemented-but-reporting-enabled", "csp-missing"),
    ("hsts-header-invalid", "hsts-missing"),
    ("hsts-implemented-max-age-less-than-six-months", "hsts-max-age-short"),
    ("hsts-invalid-cert", "certificate-untrusted"),
    ("hsts-not-implemented", "hsts-missing"),
    ("hsts-not-implemented-no-https", "http-not-redirected"),
    ("redirection-invalid-cert", "certificate-untrusted"),
    ("redirection-missing", "http-not-redirected"),
    ("redirection-not-to-https", "http-not-redirected"),
    ("redirection-not-to-https-on-initial-redirection", "redirect-to-http-first"),
    ("redirection-off-host-from-http", "redirect-off-host-first"),
    ("referrer-policy-header-invalid", "referrer-policy-missing"),
    ("referrer-policy-unsafe", "referrer-policy-unsafe"),
    ("sri-not-implemented-and-external-scripts-not-loaded-securely", "sri-missing"),
    ("sri-not-implemented-but-external-scripts-loaded-securely", "sri-missing"),
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
