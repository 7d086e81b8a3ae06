//! An app is reachable past its proxy.

use crate::explanation::Platform::Docker;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::{Node, NodeValue};
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// An app is reachable past its proxy.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "container-port-beside-proxy",
        title: "An app is reachable past its proxy",
        why: "The app publishes its port to the world, although a proxy stands before it. Who asks that port meets no TLS, no limits and no headers of the proxy. Containers reach each other without published ports.",
        fix: &[(Docker, "# Leave ports out, or bind them to this machine:\nports: [\"127.0.0.1:8000:8000\"]")],
        references: &[
            Spec("Compose specification: services", "https://docs.docker.com/reference/compose-file/services/"),
            Cwe(668),
        ],
    },
    topic: Topic::Containers,
    severity: Severity::High,
    bad: Example::File(
        Format::Compose,
        "services:\n  web:\n    image: app:1.2\n    ports:\n      - \"8000:8000\"\n  proxy:\n    image: nginx:1.28\n    ports:\n      - \"443:443\"\n",
    ),
    good: Example::File(
        Format::Compose,
        "services:\n  web:\n    image: app:1.2\n    ports:\n      - \"127.0.0.1:8000:8000\"\n  proxy:\n    image: nginx:1.28\n    ports:\n      - \"443:443\"\n",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for service in facts.services().iter().filter(|service| service.is_beside_proxy && !service.is_proxy()) {
        for port in service.keys.get("ports").map(Node::items).unwrap_or_default() {
            let is_open = match port.text() {
                Some(text) => !LOCAL.iter().any(|start| text.starts_with(start)),
                None if matches!(port.value, NodeValue::Number(_)) => true,
                None => {
                    let host = port.get("host_ip").and_then(Node::text).unwrap_or_default();
                    port.get("published").is_some()
                        && !LOCAL.iter().any(|start| start.starts_with(host) && !host.is_empty())
                }
            };
            if is_open {
                let message = format!("{} is reachable past the proxy", service.name);
                findings.push(&RULE, &Provenance::File(port.at.clone()), message);
            }
        }
    }
}

/// Addresses that only the machine itself reaches.
static LOCAL: &[&str] = &["127.", "[::1]", "localhost:", "::1"];
