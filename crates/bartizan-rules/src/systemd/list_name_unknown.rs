//! A list names what does not exist.

use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::systemd::exposure::{NoteKind, Sandbox, refusal};
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A list names what does not exist.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-list-name-unknown",
        title: "A list names what does not exist",
        why: "A name that systemd does not know is left out of the list. A list of allowed things that is left empty \
              forbids all, and the service does not run; a list of forbidden ones forbids nothing. The score of \
              systemd-analyze takes the first for hardened.",
        fix: &[(Systemd, "[Service]\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE")],
        references: &[
            Spec("systemd.exec", "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html"),
            Cwe(1188),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Medium,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nCapabilityBoundingSet=CAP_BOGUS\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nCapabilityBoundingSet=CAP_KILL\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for unit in facts.systemd().iter().filter(|unit| unit.is_service()) {
        if refusal(unit).is_some() {
            continue;
        }
        for note in Sandbox::of(unit).notes().iter().filter(|note| note.kind == NoteKind::Name) {
            let Some(line) = unit.lines.get(note.line) else { continue };
            findings.push(&RULE, &Provenance::File(line.value_at.clone()), format!("{}=: {}", line.key, note.message));
        }
    }
}
