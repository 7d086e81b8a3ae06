//! A container can change its own programs.

use crate::explanation::Platform::Docker;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::Node;
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A container can change its own programs.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "container-root-writable",
        title: "A container can change its own programs",
        why: "Whoever breaks in can replace the app by another and stay until the image is built again. A file system that can only be read gives no place to stay. What has to be written lies in volumes and in memory.",
        fix: &[(Docker, "read_only: true\ntmpfs: [/tmp]")],
        references: &[
            Spec("Compose specification: services", "https://docs.docker.com/reference/compose-file/services/"),
            Cwe(732),
        ],
    },
    topic: Topic::Containers,
    severity: Severity::Low,
    bad: Example::File(Format::Compose, "services:\n  web:\n    image: app:1.2\n"),
    good: Example::File(Format::Compose, "services:\n  web:\n    image: app:1.2\n    read_only: true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let is_open = |node: Option<&Node>| node.and_then(Node::bool) != Some(true);
    for service in facts.services().iter().filter(|service| is_open(service.keys.get("read_only"))) {
        let message = format!("{} can write to its own image", service.name);
        findings.push(&RULE, &Provenance::File(service.at.clone()), message);
    }
}
