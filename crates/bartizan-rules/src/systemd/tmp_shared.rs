//! A service shares /tmp with all others.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service shares /tmp with all others.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-tmp-shared",
        title: "A service shares /tmp with all others",
        why: "Names in /tmp can be guessed and taken by any user of the machine. Links laid there lead a careless \
              program to files that it should not touch. A directory of its own ends that.",
        fix: &[(Systemd, "[Service]\nPrivateTmp=true")],
        references: &[
            Spec(
                "systemd: PrivateTmp=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateTmp=",
            ),
            Cwe(377),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Low,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nPrivateTmp=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[Cure {
    setting: "PrivateTmp",
    key: "PrivateTmp",
    values: &["true"],
    safety: Safety::Risky("a service that meets others through sockets or files in /tmp loses them"),
}];
