//! Settings of django-csp 3 with django-csp 4.

use super::look::has;
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::django::{CspRelease, Outcome};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// django-csp 4 does not read the settings of django-csp 3.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-settings-outdated",
        title: "The settings of django-csp 3 mean nothing to django-csp 4",
        why: "django-csp 4 takes one dictionary and ignores a setting for each directive. Until they are moved, the \
              site sends no policy at all, and its checks end in an error.",
        fix: &[(Django, r#"CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'self'"]}}"#)],
        references: &[
            Spec("django-csp: migration guide", "https://django-csp.readthedocs.io/en/latest/migration-guide.html"),
            Mdn("Content-Security-Policy"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, "INSTALLED_APPS = [\"csp\"]\nCSP_DEFAULT_SRC = [\"'self'\"]"),
    good: Example::File(
        Format::Django,
        r#"INSTALLED_APPS = ["csp"]
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'self'"]}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let has_app = has(outcome, "INSTALLED_APPS", "csp");
        if django.csp != CspRelease::V4 || has_app == Some(false) {
            return Vec::new();
        }
        let Some(name) = outdated(outcome).next() else { return Vec::new() };
        let hit = Hit::new(django, outcome, name, format!("django-csp 4 does not read {name}"));
        let line = "CONTENT_SECURITY_POLICY = {\"DIRECTIVES\": {\"default-src\": [\"'self'\"]}}";
        vec![hit.id("csp.E001").fix(line).unless_known(has_app.is_some())]
    });
}

/// Returns the outdated settings that are set.
pub(super) fn outdated(outcome: &Outcome) -> impl Iterator<Item = &'static str> {
    OUTDATED.iter().chain(OTHERS).copied().filter(|name| outcome.setting(name).is_some())
}

/// Returns the settings of directives, and the directive of each.
pub(super) fn directives() -> impl Iterator<Item = (&'static str, String)> {
    OUTDATED.iter().map(|name| (*name, name.trim_start_matches("CSP_").replace('_', "-").to_lowercase()))
}

/// One setting for each directive.
const OUTDATED: &[&str] = &[
    "CSP_CHILD_SRC",
    "CSP_CONNECT_SRC",
    "CSP_DEFAULT_SRC",
    "CSP_SCRIPT_SRC",
    "CSP_SCRIPT_SRC_ATTR",
    "CSP_SCRIPT_SRC_ELEM",
    "CSP_OBJECT_SRC",
    "CSP_STYLE_SRC",
    "CSP_STYLE_SRC_ATTR",
    "CSP_STYLE_SRC_ELEM",
    "CSP_FONT_SRC",
    "CSP_FRAME_SRC",
    "CSP_IMG_SRC",
    "CSP_MANIFEST_SRC",
    "CSP_MEDIA_SRC",
    "CSP_PREFETCH_SRC",
    "CSP_WORKER_SRC",
    "CSP_BASE_URI",
    "CSP_PLUGIN_TYPES",
    "CSP_SANDBOX",
    "CSP_FORM_ACTION",
    "CSP_FRAME_ANCESTORS",
    "CSP_NAVIGATE_TO",
    "CSP_REQUIRE_SRI_FOR",
    "CSP_REQUIRE_TRUSTED_TYPES_FOR",
    "CSP_TRUSTED_TYPES",
    "CSP_UPGRADE_INSECURE_REQUESTS",
    "CSP_BLOCK_ALL_MIXED_CONTENT",
    "CSP_REPORT_URI",
    "CSP_REPORT_TO",
];
/// What else moved into the dictionary.
const OTHERS: &[&str] = &["CSP_REPORT_ONLY", "CSP_EXCLUDE_URL_PREFIXES", "CSP_REPORT_PERCENTAGE"];
