//! A service can reach the devices of the machine.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service can reach the devices of the machine.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-devices-reachable",
        title: "A service can reach the devices of the machine",
        why: "Disks, memory and terminals are files below /dev. Whoever takes over a service with enough rights reads \
              and writes them past all other limits. Most services need none but /dev/null and its like.",
        fix: &[(Systemd, "[Service]\nPrivateDevices=true")],
        references: &[
            Spec(
                "systemd: PrivateDevices=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateDevices=",
            ),
            Cwe(732),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Medium,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nPrivateDevices=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[Cure {
    setting: "PrivateDevices",
    key: "PrivateDevices",
    values: &["true"],
    safety: Safety::Risky("a service that uses a device, such as a camera or a GPU, stops working"),
}];
