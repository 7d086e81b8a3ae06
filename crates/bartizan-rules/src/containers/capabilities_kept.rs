//! A service keeps capabilities that it may not need.

use crate::explanation::Platform::Docker;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A service keeps capabilities that it may not need.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "container-capabilities-kept",
        title: "A service keeps capabilities that it may not need",
        why: "A container starts with fourteen capabilities of root, raw packets and changes of owners among them. Whoever breaks in has them, too. Web apps behind a proxy need none.",
        fix: &[(Docker, "cap_drop: [ALL]")],
        references: &[
            Spec("Compose specification: services", "https://docs.docker.com/reference/compose-file/services/"),
            Cwe(250),
        ],
    },
    topic: Topic::Containers,
    severity: Severity::Low,
    bad: Example::File(Format::Compose, "services:\n  web:\n    image: app:1.2\n"),
    good: Example::File(Format::Compose, "services:\n  web:\n    image: app:1.2\n    cap_drop: [ALL]\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for service in facts.services().iter().filter(|service| !service.lists("cap_drop", "all")) {
        let message = format!("{} does not drop all capabilities", service.name);
        findings.push(&RULE, &Provenance::File(service.at.clone()), message);
    }
}
