//! DJANGO_ALLOWED_HOSTS is an asterisk.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The app answers for any host.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-hosts-any",
        title: "The app answers for any host",
        why: "Whatever a client writes into the Host header is taken for the site's own name, and ends up in links \
              of mails and in caches. OpenKAT's default is the asterisk, so that a missing line is the same.",
        fix: &[(Environment, "DJANGO_ALLOWED_HOSTS=openkat.example.org")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::High,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nDJANGO_ALLOWED_HOSTS=*"),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nDJANGO_ALLOWED_HOSTS=openkat.example.org"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables() {
        let names = ["DJANGO_ALLOWED_HOSTS", "ALLOWED_HOSTS"];
        for (variable, value) in names.iter().filter_map(|name| variables.get(name)) {
            if value.split([',', ' ']).any(|host| host.trim() == "*") {
                findings.push(
                    &RULE,
                    &Provenance::File(variable.value_at.clone()),
                    format!("{} allows any host", variable.name),
                );
            }
        }
    }
}
