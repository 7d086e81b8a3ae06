//! GITPOD_WORKSPACE_URL or GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN is set.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Hosts of a development service are let in.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-preview-hosts",
        title: "Hosts of a development service are let in",
        why: "OpenKAT adds the hosts of these services to those that it answers for. In production they are names \
              that strangers can have.",
        fix: &[(Environment, "# remove GITPOD_WORKSPACE_URL")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::Medium,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nGITPOD_WORKSPACE_URL=https://x.gitpod.io"),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nDJANGO_ALLOWED_HOSTS=openkat.example.org"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.is_openkat()) {
        for name in ["GITPOD_WORKSPACE_URL", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN"] {
            if let Some((variable, _)) = variables.get(name).filter(|(_, value)| !value.is_empty()) {
                findings.push(&RULE, &Provenance::File(variable.at.clone()), format!("{name} widens the hosts"));
            }
        }
    }
}
