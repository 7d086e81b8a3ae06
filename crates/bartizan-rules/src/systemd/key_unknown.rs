//! A setting has a name that systemd does not know.

use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::systemd::Assignment;
use crate::systemd::keys::is_known;
use crate::systemd::newer;
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A setting has a name that systemd does not know.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-key-unknown",
        title: "A setting has a name that systemd does not know",
        why: "systemd warns of a name that it does not know, and goes on as if the line were not there. The file looks \
              hardened, and the service is not. Names are told apart by case, and belong to their section.",
        fix: &[(Systemd, "[Service]\nPrivateTmp=true")],
        references: &[
            Spec(
                "systemd.directives",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.directives.html",
            ),
            Cwe(1188),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Medium,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nPrivateTpm=true\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nPrivateTmp=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for unit in facts.systemd().iter().filter(|unit| unit.is_service()) {
        let is_unknown = |line: &&Assignment| {
            !is_known(&line.section, &line.key) && !newer::is_known(&line.section, &line.key, unit.version)
        };
        for line in unit.lines.iter().filter(is_unknown) {
            let message = format!("systemd {} knows no {}= in [{}]", unit.version, line.key, line.section);
            findings.push(&RULE, &Provenance::File(line.at.clone()), message);
        }
    }
}
