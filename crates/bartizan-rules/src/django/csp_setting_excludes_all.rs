//! EXCLUDE_URL_PREFIXES is a text.

use super::look::has;
use super::weigh::{Hit, is_within, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::CspRelease;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// The policy is left out for every address.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-setting-excludes-all",
        title: "The policy is left out for every address",
        why: "django-csp goes over the prefixes, and a text is gone over by its characters. The slash among them \
              begins every path, so that no answer carries the policy; parentheses around one text make no tuple.",
        fix: &[(Django, r#"CONTENT_SECURITY_POLICY = {"EXCLUDE_URL_PREFIXES": ["/admin/"]}"#)],
        references: &[
            Spec("django-csp: configuration", "https://django-csp.readthedocs.io/en/latest/configuration.html"),
            Cwe(693),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(
        Format::Django,
        "INSTALLED_APPS = [\"csp\"]\nCONTENT_SECURITY_POLICY = {\"EXCLUDE_URL_PREFIXES\": (\"/admin/\")}",
    ),
    good: Example::File(
        Format::Django,
        "INSTALLED_APPS = [\"csp\"]\nCONTENT_SECURITY_POLICY = {\"EXCLUDE_URL_PREFIXES\": [\"/admin/\"]}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let has_app = has(outcome, "INSTALLED_APPS", "csp");
        if django.csp != CspRelease::V4 || has_app == Some(false) {
            return Vec::new();
        }
        let hit = |name: &str| {
            let setting = outcome.setting(name)?;
            let prefixes = setting.item.value.entry("EXCLUDE_URL_PREFIXES")?;
            let text = prefixes.value.text()?;
            let is_plain = !text.contains(['"', '\\', '\n']) && is_within(prefixes, &setting.at);
            let edit = is_plain.then(|| Edit {
                at: prefixes.at.clone(),
                replacement: format!("[\"{text}\"]"),
                safety: Safety::Safe,
            });
            let message = format!("EXCLUDE_URL_PREFIXES of {name} is a text, and its slash begins every path");
            Some(Hit::at(prefixes.at.clone(), message).id("csp.E002").edit(edit).unless_known(has_app.is_some()))
        };
        ["CONTENT_SECURITY_POLICY", "CONTENT_SECURITY_POLICY_REPORT_ONLY"].into_iter().filter_map(hit).collect()
    });
}
