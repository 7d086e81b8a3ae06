//! REMOTE_USER_FALLBACK is on.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// Logins past the proxy are possible.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-login-fallback-on",
        title: "Logins past the proxy are possible",
        why: "Where a proxy logs users in, the fallback keeps the app's own login open beside it. Whoever reaches \
              that page needs only a password, whatever the proxy asks for.",
        fix: &[(Environment, "REMOTE_USER_FALLBACK=False")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::Medium,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nREMOTE_USER_FALLBACK=True"),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nREMOTE_USER_FALLBACK=False"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.is_openkat()) {
        let Some((variable, value)) = variables.get("REMOTE_USER_FALLBACK") else { continue };
        if ["1", "true", "yes", "on"].contains(&&*value.trim().to_lowercase()) {
            let message = format!("{} is {value}", variable.name);
            let finding = findings.push(&RULE, &Provenance::File(variable.value_at.clone()), message);
            let replacement = "False".to_owned();
            finding.edit(Edit {
                at: variable.value_at.clone(),
                replacement,
                safety: Safety::Risky("users whom the proxy does not know can no longer log in"),
            });
        }
    }
}
