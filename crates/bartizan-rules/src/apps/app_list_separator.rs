//! A list of OpenKAT has blanks between its entries.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// A list is separated by blanks, and the app reads commas.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-list-separator",
        title: "A list is separated by blanks, and the app reads commas",
        why: "OpenKAT reads these lists with commas between their entries now; its hardening page used to say \
              blanks. With blanks the whole value is one name that no host has, and either everything is refused or \
              somebody puts the asterisk back.",
        fix: &[(Environment, "DJANGO_ALLOWED_HOSTS=a.example.org,b.example.org")],
        references: &[Spec("OpenKAT: hardening", "https://docs.openkat.nl/installation-and-deployment/hardening.html")],
    },
    topic: Topic::Apps,
    severity: Severity::Medium,
    bad: Example::File(Format::Environment, "BYTES_PASSWORD=x\nDJANGO_ALLOWED_HOSTS=\"a.example.org b.example.org\""),
    good: Example::File(Format::Environment, "BYTES_PASSWORD=x\nDJANGO_ALLOWED_HOSTS=a.example.org,b.example.org"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.is_openkat()) {
        for (variable, value) in NAMES.iter().filter_map(|name| variables.get(name)) {
            if value.trim().contains(' ') && !value.contains(',') {
                let message = format!("{} is separated by blanks, and is read as one name", variable.name);
                let finding = findings.push(&RULE, &Provenance::File(variable.value_at.clone()), message);
                let replacement = value.split_whitespace().collect::<Vec<_>>().join(",");
                finding.edit(Edit { at: variable.value_at.clone(), replacement, safety: Safety::Safe });
            }
        }
    }
}

const NAMES: &[&str] = &["DJANGO_ALLOWED_HOSTS", "DJANGO_CSRF_TRUSTED_ORIGINS"];
