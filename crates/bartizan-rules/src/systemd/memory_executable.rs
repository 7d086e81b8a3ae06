//! A service may write code and run it.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service may write code and run it.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-memory-executable",
        title: "A service may write code and run it",
        why: "An attacker who can write to memory wants to run what was written. Where memory is never both writable \
              and executable, that way is closed. Interpreters that compile as they run need it open.",
        fix: &[(Systemd, "[Service]\nMemoryDenyWriteExecute=true")],
        references: &[
            Spec(
                "systemd: MemoryDenyWriteExecute=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#MemoryDenyWriteExecute=",
            ),
            Cwe(94),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Info,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nMemoryDenyWriteExecute=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[Cure {
    setting: "MemoryDenyWriteExecute",
    key: "MemoryDenyWriteExecute",
    values: &["true"],
    safety: Safety::Risky("programs that compile as they run, such as Node.js, Java and the BEAM, do not start"),
}];
