//! A service may make set-user-ID files.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service may make set-user-ID files.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-suid-makeable",
        title: "A service may make set-user-ID files",
        why: "A file with the set-user-ID bit keeps the rights of whoever made it. A service that was taken over once \
              leaves itself a way back by it. Hardly any service needs to make such files.",
        fix: &[(Systemd, "[Service]\nRestrictSUIDSGID=true")],
        references: &[
            Spec(
                "systemd: RestrictSUIDSGID=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RestrictSUIDSGID=",
            ),
            Cwe(732),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Low,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nRestrictSUIDSGID=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[Cure {
    setting: "RestrictSUIDSGID",
    key: "RestrictSUIDSGID",
    values: &["true"],
    safety: Safety::Risky("a service that installs software, or shares directories by group, stops working"),
}];
