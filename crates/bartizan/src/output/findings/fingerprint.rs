//! What makes a finding the same one tomorrow: rule and place, without line numbers.
//!
//! In a file, the place is the text of the line; at an address, the address. What was seen there is left out, since
//! it changes by itself: a nonce, an age, a version. Where a place has the same fault twice, they are counted.

use std::collections::HashMap;
use std::fmt::Write as _;

use bartizan_rules::Provenance;
use sha2::{Digest as _, Sha256};

use super::region::line_around;
use super::report::Report;

/// Gives each finding its fingerprint.
pub(super) fn settle(report: &mut Report) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let Report { found, sources, .. } = report;
    for reported in found {
        let mut key = format!("{}\n", reported.finding.rule.id());
        match &reported.finding.at {
            Provenance::File(place) => {
                let text = sources.get(&place.path).map_or("", |text| line_around(text, &place.span));
                key.push_str(&place.path);
                key.push('\n');
                text.split_whitespace().for_each(|word| {
                    key.push_str(word);
                    key.push(' ');
                });
            }
            // A query is what a visitor asked, not where the site is.
            Provenance::Live { url } => key.push_str(&url[..url::Position::AfterPath]),
            other => key.push_str(&other.to_string()),
        }
        let count = seen.entry(key.clone()).or_default();
        let _ = write!(key, "\n{count}");
        *count += 1;
        let digest = Sha256::digest(key.as_bytes());
        reported.fingerprint = digest.iter().take(BYTES).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
    }
}

/// Enough that two findings of one report are never taken for each other, short enough to be read aloud.
const BYTES: usize = 10;
