//! SESSION_EXPIRE_SECONDS is large.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Sessions of the app last for more than a day.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-session-long",
        title: "Sessions of the app last for more than a day",
        why: "A session that outlives the working day is open to whoever finds the computer, or the cookie, next. \
              OpenKAT's own value is two hours.",
        fix: &[(Environment, "SESSION_EXPIRE_SECONDS=7200")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::Low,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nSESSION_EXPIRE_SECONDS=604800"),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nSESSION_EXPIRE_SECONDS=7200"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.is_openkat()) {
        let Some((variable, value)) = variables.get("SESSION_EXPIRE_SECONDS") else { continue };
        if value.trim().parse::<u64>().is_ok_and(|seconds| seconds > A_DAY) {
            findings.push(&RULE, &Provenance::File(variable.value_at.clone()), format!("sessions last {value} s"));
        }
    }
}

/// Twelve times the value of the app itself.
const A_DAY: u64 = 86_400;
