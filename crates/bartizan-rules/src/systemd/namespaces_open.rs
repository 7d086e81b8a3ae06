//! A service may make namespaces of any kind.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service may make namespaces of any kind.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-namespaces-open",
        title: "A service may make namespaces of any kind",
        why: "In a user namespace of its own, a process is root and reaches parts of the kernel that were never meant \
              for it. Many ways to root of the last years began there. Only services that run containers need it.",
        fix: &[(Systemd, "[Service]\nRestrictNamespaces=true")],
        references: &[
            Spec(
                "systemd: RestrictNamespaces=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RestrictNamespaces=",
            ),
            Cwe(250),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Low,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nRestrictNamespaces=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[Cure {
    setting: "RestrictNamespaces_user",
    key: "RestrictNamespaces",
    values: &["true"],
    safety: Safety::Risky("a service that makes sandboxes of its own, such as a browser, stops working"),
}];
