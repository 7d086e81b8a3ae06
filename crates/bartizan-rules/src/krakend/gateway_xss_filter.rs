//! browser_xss_filter is true.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The gateway switches the XSS filter of old browsers on.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-xss-filter",
        title: "The gateway switches the XSS filter of old browsers on",
        why: "Browsers removed the filter because it could be turned against the page. Where an old one still has \
              it, switching it on opens that hole; a content security policy does what it was meant for.",
        fix: &[(Krakend, r#""browser_xss_filter": false"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Mdn("X-XSS-Protection"),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Low,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"browser_xss_filter": true}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"browser_xss_filter": false}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let Some(entry) =
            block.value.entry("browser_xss_filter").filter(|entry| Node::bool(&entry.value) == Some(true))
        else {
            continue;
        };
        let at = entry.value.at.clone();
        let finding = findings.push(&RULE, &Provenance::File(at.clone()), "the filter is gone, and could itself leak");
        finding.edit(Edit { at, replacement: "false".to_owned(), safety: Safety::Safe });
    }
}
