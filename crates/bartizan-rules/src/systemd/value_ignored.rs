//! A value is not valid, and ignored.

use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::systemd::exposure::{NoteKind, Sandbox, refusal};
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A value is not valid, and ignored.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-value-ignored",
        title: "A value is not valid, and ignored",
        why: "systemd warns of a value that it does not understand, and goes on as if the line were not there. The \
              file looks hardened, and the service is not. A comment behind a value, quotes and other case make values \
              invalid.",
        fix: &[(Systemd, "[Service]\nProtectSystem=strict")],
        references: &[
            Spec("systemd.syntax", "https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html"),
            Cwe(1188),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Medium,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nNoNewPrivileges=true # yes\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n# yes\nNoNewPrivileges=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for unit in facts.systemd().iter().filter(|unit| unit.is_service()) {
        if refusal(unit).is_some() {
            continue;
        }
        for note in Sandbox::of(unit).notes().iter().filter(|note| note.kind == NoteKind::Value) {
            let Some(line) = unit.lines.get(note.line) else { continue };
            findings.push(&RULE, &Provenance::File(line.value_at.clone()), format!("{}=: {}", line.key, note.message));
        }
    }
}
