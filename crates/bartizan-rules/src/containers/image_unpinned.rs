//! An image is not pinned to a version.

use crate::explanation::Platform::Docker;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::container::is_pinned;
use crate::{Example, Explanation, Facts, Findings, Format, Provenance, Rule, Severity, Topic};

/// An image is not pinned to a version.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "container-image-unpinned",
        title: "An image is not pinned to a version",
        why: "An image without a version is another one tomorrow. What was tested is not what runs, and who takes over the name takes over the machine. A digest names exactly one image.",
        fix: &[(Docker, "FROM python:3.13-slim@sha256:…")],
        references: &[Spec("Dockerfile reference", "https://docs.docker.com/reference/dockerfile/"), Cwe(1104)],
    },
    topic: Topic::Containers,
    severity: Severity::Low,
    bad: Example::File(Format::Dockerfile, "FROM python:latest\nUSER app\n"),
    good: Example::File(Format::Dockerfile, "FROM python:3.13-slim\nUSER app\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let bases = facts.images().iter().flat_map(|image| &image.bases).map(|(image, at)| (&**image, at.clone()));
    let run = facts.services().iter().filter_map(|service| {
        let image = service.keys.get("image")?;
        Some((image.text()?, image.at.clone()))
    });
    for (image, at) in bases.chain(run).filter(|(image, _)| !is_pinned(image)) {
        findings.push(&RULE, &Provenance::File(at), format!("{image} is whatever it is that day"));
    }
}
