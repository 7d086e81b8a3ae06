//! PASSWORD_MIN_LENGTH is below 12.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The app takes short passwords.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-password-short",
        title: "The app takes short passwords",
        why: "Short passwords fall to guessing, and most are short where that is allowed. OpenKAT's own value is 12.",
        fix: &[(Environment, "PASSWORD_MIN_LENGTH=12")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::Low,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nPASSWORD_MIN_LENGTH=6"),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nPASSWORD_MIN_LENGTH=12"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.is_openkat()) {
        let Some((variable, value)) = variables.get("PASSWORD_MIN_LENGTH") else { continue };
        if value.trim().parse::<u64>().is_ok_and(|length| length < 12) {
            findings.push(
                &RULE,
                &Provenance::File(variable.value_at.clone()),
                format!("passwords of {value} characters are taken"),
            );
        }
    }
}
