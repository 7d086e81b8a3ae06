//! DEBUG is on in the environment.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The app shows its inner life to visitors.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-debug-on",
        title: "The app shows its inner life to visitors",
        why: "With DEBUG on, an error page shows source code, settings and queries to whoever provokes an error. \
              OpenKAT shows its browsable API to everybody then, too.",
        fix: &[(Environment, "DEBUG=False")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::High,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nDEBUG=True"),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nDEBUG=False"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables() {
        let Some((variable, value)) = variables.get("DEBUG") else { continue };
        if ["1", "true", "yes", "on"].contains(&&*value.trim().to_lowercase()) {
            let message = format!("{} is {value}", variable.name);
            let finding = findings.push(&RULE, &Provenance::File(variable.value_at.clone()), message);
            let replacement = "False".to_owned();
            finding.edit(Edit { at: variable.value_at.clone(), replacement, safety: Safety::Safe });
        }
    }
}
