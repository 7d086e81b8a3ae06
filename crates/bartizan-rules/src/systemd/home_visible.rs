//! A service can read the home directories.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service can read the home directories.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-home-visible",
        title: "A service can read the home directories",
        why: "Keys, mail and shell histories lie in home directories. A service that can read them gives them to \
              whoever can make it read files. Few services have any business there.",
        fix: &[(Systemd, "[Service]\nProtectHome=true")],
        references: &[
            Spec(
                "systemd: ProtectHome=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ProtectHome=",
            ),
            Cwe(552),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Medium,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nProtectHome=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[Cure {
    setting: "ProtectHome",
    key: "ProtectHome",
    values: &["true"],
    safety: Safety::Risky("a service whose program or data lies in a home directory stops working"),
}];
