//! A service may make every system call.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service may make every system call.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-system-calls-unfiltered",
        title: "A service may make every system call",
        why: "The kernel has hundreds of system calls, and a service uses some dozens. Each of the others is a way to \
              meet a fault in the kernel. A filter leaves those that services use.",
        fix: &[(Systemd, "[Service]\nSystemCallFilter=@system-service\nSystemCallFilter=~@privileged @resources")],
        references: &[
            Spec(
                "systemd: SystemCallFilter=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#SystemCallFilter=",
            ),
            Cwe(693),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Low,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(
        Format::Systemd,
        "[Service]\nExecStart=/usr/bin/app\nSystemCallFilter=@system-service\nSystemCallFilter=~@privileged @resources\n",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[
    Cure {
        setting: "SystemCallFilter_privileged",
        key: "SystemCallFilter",
        values: &["@system-service", "~@privileged @resources"],
        safety: Safety::Risky("a call that the service needs and that is not in the filter ends it"),
    },
    Cure {
        setting: "SystemCallFilter_debug",
        key: "SystemCallFilter",
        values: &["@system-service", "~@privileged @resources"],
        safety: Safety::Risky("a call that the service needs and that is not in the filter ends it"),
    },
];
