//! CSP_HEADER is off.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The app sends no content security policy.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-policy-header-off",
        title: "The app sends no content security policy",
        why: "OpenKAT shows what it found on foreign systems, and some of that was written by strangers. Its policy \
              keeps such text from running as a script; switched off, nothing does.",
        fix: &[(Environment, "CSP_HEADER=True")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::Medium,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nCSP_HEADER=False"),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nCSP_HEADER=True"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.is_openkat()) {
        let Some((variable, value)) = variables.get("CSP_HEADER") else { continue };
        if ["0", "false", "no", "off", ""].contains(&&*value.trim().to_lowercase()) {
            let message = format!("{} is {value}", variable.name);
            let finding = findings.push(&RULE, &Provenance::File(variable.value_at.clone()), message);
            let replacement = "True".to_owned();
            finding.edit(Edit { at: variable.value_at.clone(), replacement, safety: Safety::Safe });
        }
    }
}
