//! A container can gain privileges.

use crate::explanation::Platform::Docker;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::container::Service;
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A container can gain privileges.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "container-privileges-gainable",
        title: "A container can gain privileges",
        why: "Programs with the setuid bit give their caller the rights of root. A container that may gain privileges lets an attacker use any of them that an image happens to hold. Hardly any app needs that.",
        fix: &[(Docker, "security_opt: [\"no-new-privileges:true\"]")],
        references: &[
            Spec("Compose specification: services", "https://docs.docker.com/reference/compose-file/services/"),
            Cwe(250),
        ],
    },
    topic: Topic::Containers,
    severity: Severity::Low,
    bad: Example::File(Format::Compose, "services:\n  web:\n    image: app:1.2\n"),
    good: Example::File(
        Format::Compose,
        "services:\n  web:\n    image: app:1.2\n    security_opt:\n      - no-new-privileges:true\n",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let is_barred = |service: &Service| {
        service.lists("security_opt", "no-new-privileges:true") || service.lists("security_opt", "no-new-privileges")
    };
    for service in facts.services().iter().filter(|service| !is_barred(service)) {
        let message = format!("{} does not set no-new-privileges", service.name);
        findings.push(&RULE, &Provenance::File(service.at.clone()), message);
    }
}
