//! DJANGO_CSRF_TRUSTED_ORIGINS has an entry without scheme or over HTTP.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// A trusted origin of the app has no https.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-trusted-origin-wrong",
        title: "A trusted origin of the app has no https",
        why: "Django compares the Origin header with scheme and host, so that an entry without a scheme stops it \
              from starting. One over plain HTTP trusts whoever sits on the network.",
        fix: &[(Environment, "DJANGO_CSRF_TRUSTED_ORIGINS=https://openkat.example.org")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::Medium,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nDJANGO_CSRF_TRUSTED_ORIGINS=openkat.example.org"),
    good: Example::File(
        Format::Environment,
        "BYTES_PASSWORD=x\nDJANGO_CSRF_TRUSTED_ORIGINS=https://openkat.example.org",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables() {
        let Some((variable, value)) = variables.get("DJANGO_CSRF_TRUSTED_ORIGINS") else { continue };
        let is_wrong = |origin: &str| !origin.is_empty() && !origin.starts_with("https://");
        if value.split([',', ' ']).any(is_wrong) {
            findings.push(
                &RULE,
                &Provenance::File(variable.value_at.clone()),
                "a trusted origin does not begin with https://",
            );
        }
    }
}
