//! An earlier report as a baseline: what it had is known, what it had and is gone is mended.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::report::{Known, Report, Standing};

/// The findings of an earlier report, by subject.
#[derive(Debug, Default)]
pub(super) struct Baseline {
    known: BTreeMap<String, Vec<Known>>,
}

/// Reads a report that was written as JSON.
pub(super) fn read(path: &Path) -> anyhow::Result<Baseline> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read the baseline {}", path.display()))?;
    let value: Value =
        serde_json::from_str(&text).with_context(|| format!("the baseline {} is no JSON", path.display()))?;
    parse(&value).with_context(|| format!("the baseline {} is no report of `--format json`", path.display()))
}

fn parse(value: &Value) -> anyhow::Result<Baseline> {
    let reports = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let mut baseline = Baseline::default();
    for report in reports {
        let findings = report.get("findings").and_then(Value::as_array);
        ensure!(findings.is_some(), "it has no findings");
        let word = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let known = baseline.known.entry(word(report, "subject")).or_default();
        for finding in findings.into_iter().flatten() {
            // What was suppressed then may be open now, and is no news to anybody.
            known.push(Known {
                id: word(finding, "id"),
                place: word(finding, "place"),
                fingerprint: word(finding, "fingerprint"),
            });
        }
    }
    Ok(baseline)
}

/// Says which findings are known, and which known ones are gone.
pub(super) fn settle(reports: &mut [Report], baseline: &Baseline) {
    let is_single = reports.len() == 1 && baseline.known.len() == 1;
    for report in reports {
        // One subject before and after is the same one, however it was named.
        let known = if is_single { baseline.known.values().next() } else { baseline.known.get(&report.subject) };
        let known = known.map_or(&[][..], Vec::as_slice);
        let before: HashSet<&str> = known.iter().map(|known| known.fingerprint.as_str()).collect();
        let mut now = HashSet::new();
        for reported in &mut report.found {
            let is_known = reported.fingerprint.with_digits(|digits| before.contains(digits));
            if is_known && matches!(reported.standing, Standing::Open) {
                reported.standing = Standing::Known;
            }
            now.insert(reported.fingerprint.to_string());
        }
        report.mended = known.iter().filter(|known| !now.contains(&known.fingerprint)).cloned().collect();
        report.mended.sort();
    }
}
