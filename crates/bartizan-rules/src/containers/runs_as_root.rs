//! A container runs as root.

use crate::explanation::Platform::Docker;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// A container runs as root.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "container-runs-as-root",
        title: "A container runs as root",
        why: "Root in a container is root of the machine wherever a wall around it has a hole. It owns every file of the image and of its volumes. Apps need no more than a user of their own.",
        fix: &[(Docker, "RUN useradd --system app\nUSER app")],
        references: &[Spec("Dockerfile reference", "https://docs.docker.com/reference/dockerfile/"), Cwe(250)],
    },
    topic: Topic::Containers,
    severity: Severity::Medium,
    bad: Example::File(Format::Dockerfile, "FROM python:3.13-slim\nCMD [\"app\"]\n"),
    good: Example::File(Format::Dockerfile, "FROM python:3.13-slim\nUSER app\nCMD [\"app\"]\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let is_root = |user: &str| matches!(user.split(':').next(), Some("root" | "0"));
    for image in facts.images() {
        let (at, message) = match (&image.user, &image.last) {
            (Some((user, at)), _) if is_root(user) => (at, "the image runs as root"),
            (None, Some(at)) => {
                (at, "no USER is named, so that the image runs as whom its base does, which is mostly root")
            }
            _ => continue,
        };
        findings.push(&RULE, &Provenance::File(at.clone()), message);
    }
    for service in facts.services() {
        let Some(user) = service.keys.get("user") else { continue };
        if user.text().is_some_and(is_root) || user.whole() == Some(0) {
            findings.push(&RULE, &Provenance::File(user.at.clone()), format!("{} runs as root", service.name));
        }
    }
}
