//! A service runs as root.

use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::systemd::exposure::exposure;
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A service runs as root.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-runs-as-root",
        title: "A service runs as root",
        why: "Whoever takes over a service has the rights of its user. Root has all rights, and reads every key of the \
              machine. A web app needs no more than a user of its own.",
        fix: &[(Systemd, "[Service]\nDynamicUser=true\nStateDirectory=app")],
        references: &[
            Spec("systemd: User=", "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#User="),
            Cwe(250),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::High,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nUser=app\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for unit in facts.systemd().iter().filter(|unit| unit.is_service()) {
        let Some(exposure) = exposure(unit) else { continue };
        if exposure.settings.get(SETTING).is_none_or(|setting| setting.ok != Some(false)) {
            continue;
        }
        let user = unit.last("Service", "User").filter(|line| !line.value.is_empty());
        let (at, message) = match user {
            None => (&unit.service, "User= is not set: the service runs as root".to_owned()),
            Some(line) if line.value == "nobody" => (&line.at, SHARED.to_owned()),
            Some(line) => (&line.at, format!("User={} is root", line.value)),
        };
        findings.push(&RULE, &Provenance::File(at.clone()), message).equivalent(format!("systemd:{SETTING}"));
    }
}

const SETTING: &str = "UserOrDynamicUser";
const SHARED: &str = "User=nobody is shared with other services, and is meant for none";
