//! Findings that a comment in the file sets aside: `# bartizan: ignore RULE-ID reason`.

use std::collections::HashMap;
use std::sync::Arc;

use bartizan_rules::{Finding, Provenance};

use crate::output::findings::{Standing, Suppression, Within};

/// The files that have such comments: few.
#[derive(Debug)]
pub(super) struct Comments<'a> {
    texts: HashMap<&'a str, &'a str>,
}

impl<'a> Comments<'a> {
    /// Looks through files, by name and text.
    pub(super) fn of(sources: impl IntoIterator<Item = (&'a Arc<str>, &'a Arc<str>)>) -> Self {
        let commented = sources.into_iter().filter(|(_, text)| text.contains(SIGN));
        Self { texts: commented.map(|(path, text)| (&**path, &**text)).collect() }
    }

    /// Says how a finding stands by the comments on its line and on the line before; without a reason they do not
    /// count.
    pub(super) fn standing(&self, finding: &Finding) -> Standing {
        let Provenance::File(place) = &finding.at else { return Standing::Open };
        if self.texts.is_empty() {
            return Standing::Open;
        }
        let Some(text) = self.texts.get(&*place.path) else { return Standing::Open };
        let before = place.line.saturating_sub(2);
        let lines = text.lines().skip(before).take(if place.line > 1 { 2 } else { 1 });
        let mut is_first = place.line > 1;
        for line in lines {
            // The line before counts only if nothing else stands there.
            let is_alone = line.trim_start().starts_with(['#', '/']);
            if let Some(reason) = reason(line, finding.rule.id()).filter(|_| !is_first || is_alone) {
                return Standing::Suppressed(Suppression { within: Within::Comment, reason });
            }
            is_first = false;
        }
        Standing::Open
    }
}

const SIGN: &str = "bartizan: ignore ";

fn reason(line: &str, id: &str) -> Option<String> {
    let (_, rest) = line.split_once(SIGN)?;
    let (named, reason) = rest.trim().split_once(char::is_whitespace)?;
    let is_named = named.split(',').any(|one| one == id);
    (is_named && !reason.trim().is_empty()).then(|| reason.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_the_rule_and_a_reason() {
        for (line, expected) in [
            ("a; # bartizan: ignore no-tls behind a TLS proxy", Some("behind a TLS proxy")),
            ("# bartizan: ignore other,no-tls it is so", Some("it is so")),
            ("# bartizan: ignore no-tls", None),
            ("# bartizan: ignore other it is so", None),
            ("# ignore no-tls x", None),
        ] {
            assert_eq!(reason(line, "no-tls").as_deref(), expected, "{line}");
        }
    }
}
