//! A container can command Docker.

use crate::explanation::Platform::Docker;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::Node;
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A container can command Docker.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "container-socket-mounted",
        title: "A container can command Docker",
        why: "Whoever can write to the socket of Docker can start a container with all of the machine in it. That holds for a mount that is called read-only, too, because only the file is. A proxy that filters what is asked is the usual way out.",
        fix: &[(Docker, "# Put a filter in between, such as docker-socket-proxy, and mount no socket.")],
        references: &[
            Spec("Compose specification: services", "https://docs.docker.com/reference/compose-file/services/"),
            Cwe(250),
        ],
    },
    topic: Topic::Containers,
    severity: Severity::High,
    bad: Example::File(
        Format::Compose,
        "services:\n  web:\n    image: app:1.2\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n",
    ),
    good: Example::File(Format::Compose, "services:\n  web:\n    image: app:1.2\n    volumes:\n      - ./data:/data\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for service in facts.services() {
        for volume in service.keys.get("volumes").map(Node::items).unwrap_or_default() {
            let source = volume.text().or_else(|| volume.get("source").and_then(Node::text)).unwrap_or_default();
            if ["docker.sock", "podman.sock", "containerd.sock"].iter().any(|name| source.contains(name)) {
                let message = format!("{} can start any container", service.name);
                findings.push(&RULE, &Provenance::File(volume.at.clone()), message);
            }
        }
    }
}
