//! A service may gain privileges.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service may gain privileges.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-privileges-gainable",
        title: "A service may gain privileges",
        why: "A program with the set-user-ID bit gives its caller the rights of its owner, mostly root. Whoever takes \
              over a service looks for such a program next. Where new privileges are forbidden, none helps.",
        fix: &[(Systemd, "[Service]\nNoNewPrivileges=true")],
        references: &[
            Spec(
                "systemd: NoNewPrivileges=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#NoNewPrivileges=",
            ),
            Cwe(250),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Medium,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nNoNewPrivileges=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[Cure {
    setting: "NoNewPrivileges",
    key: "NoNewPrivileges",
    values: &["true"],
    safety: Safety::Risky("a service that calls sudo or sendmail stops working"),
}];
