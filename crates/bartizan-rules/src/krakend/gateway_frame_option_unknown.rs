//! custom_frame_options_value is neither DENY nor SAMEORIGIN.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The frame option is one that no browser knows.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-frame-option-unknown",
        title: "The frame option is one that no browser knows",
        why: "Browsers ignore any value but DENY and SAMEORIGIN; ALLOW-FROM never was known to most. The pages can \
              then be framed by anybody, frame_deny or not, for the custom value takes its place.",
        fix: &[(Krakend, r#""custom_frame_options_value": "SAMEORIGIN""#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Mdn("X-Frame-Options"),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"custom_frame_options_value": "ALLOW-FROM"}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"custom_frame_options_value": "SAMEORIGIN"}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let Some(entry) = block.value.entry("custom_frame_options_value") else { continue };
        let is_known = |text: &str| {
            text.is_empty() || ["DENY", "SAMEORIGIN"].iter().any(|known| known.eq_ignore_ascii_case(text.trim()))
        };
        if Node::text(&entry.value).is_none_or(is_known) {
            continue;
        }
        let at = entry.value.at.clone();
        let finding = findings.push(&RULE, &Provenance::File(at.clone()), "no browser knows this value");
        let safety = Safety::Risky("pages that another site shows in a frame no longer appear there");
        finding.edit(Edit { at, replacement: "\"DENY\"".to_owned(), safety });
    }
}
