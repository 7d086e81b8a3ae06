//! What makes a finding the same one tomorrow: rule and place, without line numbers.
//!
//! In a file, the place is the text of the line; at an address, the address. What was seen there is left out, since
//! it changes by itself: a nonce, an age, a version. Where a place has the same fault twice, they are counted.

use std::collections::HashMap;

use bartizan_rules::{Provenance, together};
use sha2::{Digest as _, Sha256};

use super::region::line_around;
use super::report::{Report, Reported};

/// Gives each finding its fingerprint.
pub(super) fn settle(report: &mut Report) {
    let parts: Vec<_> = report.found.chunks(PART).collect();
    let digests = together::each(&parts, |part| part.iter().map(|found| digest(&key(found, report), 0)).collect());
    let digests: Vec<Digest> = digests.into_iter().flat_map(|part: Vec<Digest>| part).collect();
    // The digest of the first stands for what is counted.
    let mut seen: HashMap<Digest, usize> = HashMap::with_capacity(digests.len());
    let counts: Vec<usize> = digests
        .iter()
        .map(|digest| {
            let count = seen.entry(*digest).or_default();
            *count += 1;
            *count - 1
        })
        .collect();
    for (number, (first, count)) in digests.into_iter().zip(counts).enumerate() {
        let own = match report.found.get(number) {
            Some(found) if count > 0 => digest(&key(found, report), count),
            _ => first,
        };
        if let Some(found) = report.found.get_mut(number) {
            found.fingerprint = hexadecimal(own);
        }
    }
}

fn key(reported: &Reported, report: &Report) -> String {
    let mut key = format!("{}\n", reported.finding.rule.id());
    match &reported.finding.at {
        Provenance::File(place) => {
            let text = report.sources.get(&place.path).map_or("", |text| line_around(text, &place.span));
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
    key
}

fn digest(key: &str, count: usize) -> Digest {
    let digest = Sha256::new().chain_update(key).chain_update(format!("\n{count}")).finalize();
    digest.first_chunk().copied().unwrap_or_default()
}

fn hexadecimal(digest: Digest) -> String {
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')).collect()
}

/// Enough that two findings of one report are never taken for each other, short enough to be read aloud.
type Digest = [u8; 10];

/// Digests are made on all cores where there are many findings.
const PART: usize = 64;
