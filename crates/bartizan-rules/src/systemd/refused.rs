//! The service does not load.

use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::systemd::exposure::refusal;
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// The service does not load.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-refused",
        title: "The service does not load",
        why: "systemd refuses a unit that contradicts itself or names what cannot be. The service then does not run, \
              or runs with what was loaded before. Whatever else the file says has no effect.",
        fix: &[(Systemd, "[Service]\nExecStart=/usr/bin/app")],
        references: &[
            Spec("systemd.service", "https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html"),
            Cwe(1188),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::High,
    bad: Example::File(Format::Systemd, "[Service]\nPrivateTmp=true\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nPrivateTmp=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for unit in facts.systemd().iter().filter(|unit| unit.is_service()) {
        if let Some((at, reason)) = refusal(unit) {
            findings.push(&RULE, &Provenance::File(at), format!("{} is refused: {reason}", unit.name));
        }
    }
}
