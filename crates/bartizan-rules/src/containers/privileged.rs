//! A container has the rights of the machine.

use crate::explanation::Platform::Docker;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A container has the rights of the machine.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "container-privileged",
        title: "A container has the rights of the machine",
        why: "A privileged container sees every device and may load kernel modules. Whoever breaks into the app owns the machine. What it really needs can be given one by one.",
        fix: &[(Docker, "# Take privileged away, and give what is needed:\ncap_add: [NET_ADMIN]")],
        references: &[
            Spec("Compose specification: services", "https://docs.docker.com/reference/compose-file/services/"),
            Cwe(250),
        ],
    },
    topic: Topic::Containers,
    severity: Severity::High,
    bad: Example::File(Format::Compose, "services:\n  web:\n    image: app:1.2\n    privileged: true\n"),
    good: Example::File(Format::Compose, "services:\n  web:\n    image: app:1.2\n    privileged: false\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for service in facts.services() {
        let Some(privileged) = service.keys.get("privileged").filter(|node| node.bool() == Some(true)) else {
            continue;
        };
        let message = format!("{} may do all that the machine may", service.name);
        findings.push(&RULE, &Provenance::File(privileged.at.clone()), message);
    }
}
