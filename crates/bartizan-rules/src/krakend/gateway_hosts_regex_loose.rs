//! An unescaped dot or an ungrouped alternative in allowed_hosts.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// A regular expression lets more hosts in than it seems.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-hosts-regex-loose",
        title: "A regular expression lets more hosts in than it seems",
        why: "KrakenD puts ^ before and $ behind the expression without a group, so that of a|b each half is open at \
              one end. A dot that is not escaped is any character, and example.org then fits examplexorg, which \
              anybody can register.",
        fix: &[(Krakend, r#""allowed_hosts": ["api\\.example\\.org"]"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Cwe(185),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"allowed_hosts": ["api.example.org"], "allowed_hosts_are_regex": true}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"allowed_hosts": [".*\\.example\\.org"], "allowed_hosts_are_regex": true}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        if block.value.get("allowed_hosts_are_regex").and_then(Node::bool) != Some(true) {
            continue;
        }
        for host in block.value.get("allowed_hosts").map(Node::items).unwrap_or_default() {
            let Some(fault) = host.text().and_then(fault) else { continue };
            findings.push(&RULE, &Provenance::File(host.at.clone()), fault);
        }
    }
}

fn fault(regex: &str) -> Option<&'static str> {
    let mut depth = 0_i32;
    let mut characters = regex.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '(' => depth += 1,
            ')' => depth -= 1,
            '|' if depth == 0 => return Some("an alternative without a group is open at one end"),
            '[' => while characters.next().is_some_and(|inner| inner != ']') {},
            '.' if !matches!(characters.peek(), Some('*' | '+' | '?' | '{')) => {
                return Some("a dot that is not escaped is any character");
            }
            _ => {}
        }
    }
    None
}
