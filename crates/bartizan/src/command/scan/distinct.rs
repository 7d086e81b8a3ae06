//! One fact, one finding: what every answer of an origin shows alike is said once.

use std::collections::HashSet;

use bartizan_rules::{Finding, Provenance};

/// Drops findings that repeat at another address of the same origin what was found before them.
///
/// A visit meets several addresses: those on the way, the page, an error page. A header that the server adds to all of
/// them, or to none, is one fault with one cure. It stays where it was met first: on the way of every visitor, and at
/// the same address in the next report.
pub(in crate::command) fn distinct(findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
    let mut met = HashSet::new();
    findings
        .into_iter()
        .filter(|finding| {
            let Provenance::Live { url } = &finding.at else { return true };
            met.insert((finding.rule.id(), url.origin(), finding.message.clone()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use bartizan_rules::catalog::find;
    use bartizan_rules::{Confidence, Severity};
    use url::Url;

    use super::*;

    fn finding(id: &str, url: &str, message: &str) -> Finding {
        Finding {
            rule: find(id).unwrap(),
            severity: Severity::Low,
            at: Provenance::Live { url: Url::parse(url).unwrap() },
            message: message.to_owned(),
            confidence: Confidence::High,
            equivalents: Vec::new(),
            fix: None,
            edits: Vec::new(),
        }
    }

    #[test]
    fn a_fact_is_said_once() {
        let first = ("nosniff-missing", "https://app.example/", "not sent");
        for (second, count) in [
            (first, 1),
            (("nosniff-missing", "https://app.example/login", "not sent"), 1),
            (("nosniff-missing", "https://app.example/login", "is \"no\""), 2),
            (("nosniff-missing", "http://app.example/", "not sent"), 2),
            (("nosniff-missing", "https://app.example:8443/", "not sent"), 2),
            (("csp-missing", "https://app.example/", "not sent"), 2),
        ] {
            let found = distinct([first, second].map(|(id, url, message)| finding(id, url, message)));
            assert_eq!((found.len(), &found[0].at), (count, &finding(first.0, first.1, first.2).at), "{second:?}");
        }
    }
}
