//! POSTGRES_SSL_ENABLED is off where the database is elsewhere.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The app speaks to its database in the clear.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-database-plain",
        title: "The app speaks to its database in the clear",
        why: "The connection carries passwords and all that the app knows. Whoever sits on the network between app \
              and database reads and changes it.",
        fix: &[(Environment, "POSTGRES_SSL_ENABLED=True")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::Low,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nPOSTGRES_SSL_ENABLED=False"),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nPOSTGRES_SSL_ENABLED=True"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.is_openkat()) {
        let Some((variable, value)) = variables.get("POSTGRES_SSL_ENABLED") else { continue };
        if ["0", "false", "no", "off", ""].contains(&&*value.trim().to_lowercase()) {
            let message = format!("{} is {value}", variable.name);
            let finding = findings.push(&RULE, &Provenance::File(variable.value_at.clone()), message);
            let replacement = "True".to_owned();
            finding.edit(Edit {
                at: variable.value_at.clone(),
                replacement,
                safety: Safety::Risky("the database must speak TLS"),
            });
        }
    }
}
