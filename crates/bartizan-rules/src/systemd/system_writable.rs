//! A service can write to the system.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service can write to the system.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-system-writable",
        title: "A service can write to the system",
        why: "Programs and their configuration lie in /usr, /boot and /etc. A service that can write there can be made \
              to change what others run. Few services write outside of their own directories.",
        fix: &[(Systemd, "[Service]\nProtectSystem=strict")],
        references: &[
            Spec(
                "systemd: ProtectSystem=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ProtectSystem=",
            ),
            Cwe(732),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Medium,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nProtectSystem=strict\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[Cure {
    setting: "ProtectSystem",
    key: "ProtectSystem",
    values: &["strict"],
    safety: Safety::Risky("a service that writes outside of /var/lib, /var/log and its like needs ReadWritePaths="),
}];
