//! A service may open any kind of socket.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service may open any kind of socket.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-address-families-open",
        title: "A service may open any kind of socket",
        why: "The kernel has dozens of kinds of sockets, most of them rarely used and rarely tested. Faults in them \
              have given root to whoever could open one. A web app needs three.",
        fix: &[(Systemd, "[Service]\nRestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX")],
        references: &[
            Spec(
                "systemd: RestrictAddressFamilies=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RestrictAddressFamilies=",
            ),
            Cwe(923),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Low,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(
        Format::Systemd,
        "[Service]\nExecStart=/usr/bin/app\nRestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[
    Cure {
        setting: "RestrictAddressFamilies_OTHER",
        key: "RestrictAddressFamilies",
        values: &["AF_INET AF_INET6 AF_UNIX"],
        safety: Safety::Risky("a service that speaks other protocols, such as netlink, stops working"),
    },
    Cure {
        setting: "RestrictAddressFamilies_AF_PACKET",
        key: "RestrictAddressFamilies",
        values: &["AF_INET AF_INET6 AF_UNIX"],
        safety: Safety::Risky("a service that speaks other protocols, such as netlink, stops working"),
    },
];
