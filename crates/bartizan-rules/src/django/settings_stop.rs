//! The settings, or Django over them, end in an error.

use super::stops::stop;
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Confidence, Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Django does not start with these settings.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "settings-stop",
        title: "Django does not start with these settings",
        why: "Django stops while it reads these settings, and so does its own check, which then says nothing of all \
              the rest. Whoever is in a hurry to start it again tends to take the shortest way, and that is rarely \
              the safe one.",
        fix: &[(Django, r#"ALLOWED_HOSTS = ["www.example.org"]"#)],
        references: &[
            Spec(
                "Django: deployment checklist",
                "https://docs.djangoproject.com/en/stable/howto/deployment/checklist/",
            ),
            Cwe(755),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, r#"ALLOWED_HOSTS = "www.example.org""#),
    good: Example::File(Format::Django, r#"ALLOWED_HOSTS = ["www.example.org"]"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for django in facts.django() {
        let mut places = Vec::new();
        let stops: Vec<_> = django.outcomes.iter().map(|outcome| (outcome, stop(django, outcome))).collect();
        let is_certain = stops.iter().all(|(_, stop)| stop.is_some());
        for (outcome, stop) in stops {
            let Some(stop) = stop.filter(|stop| !places.contains(&stop.at)) else { continue };
            places.push(stop.at.clone());
            let condition =
                if outcome.when.is_empty() { String::new() } else { format!(", if {}", outcome.when.join(" and ")) };
            let finding = findings.push(&RULE, &Provenance::File(stop.at), format!("{}{condition}", stop.message));
            if !is_certain {
                finding.confidence(Confidence::Low);
            }
        }
    }
}
