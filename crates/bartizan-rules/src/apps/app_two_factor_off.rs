//! TWOFACTOR_ENABLED is off.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The app asks for no second factor.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-two-factor-off",
        title: "The app asks for no second factor",
        why: "OpenKAT holds the weaknesses of every system that it scans. Without a second factor one guessed or \
              stolen password opens all of them.",
        fix: &[(Environment, "TWOFACTOR_ENABLED=True")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::Medium,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nTWOFACTOR_ENABLED=False"),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nTWOFACTOR_ENABLED=True"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.is_openkat()) {
        let Some((variable, value)) = variables.get("TWOFACTOR_ENABLED") else { continue };
        if ["0", "false", "no", "off", ""].contains(&&*value.trim().to_lowercase()) {
            let message = format!("{} is {value}", variable.name);
            let finding = findings.push(&RULE, &Provenance::File(variable.value_at.clone()), message);
            let replacement = "True".to_owned();
            finding.edit(Edit {
                at: variable.value_at.clone(),
                replacement,
                safety: Safety::Risky("users without a second factor must set one up at their next login"),
            });
        }
    }
}
