//! SARIF 2.1.0, as code scanning services read it.

use bartizan_rules::{Confidence, Edit, Finding, Place, Platform, Provenance, Rule, Severity};
use serde_json::{Value, json};

use super::fix::fix;
use super::region::{Region, line_around};
use super::report::{Report, Reported, Standing, Within};

/// Writes all reports as one run.
pub(super) fn render(reports: &[Report], platform: Option<Platform>) -> String {
    let mut rules: Vec<&'static Rule> = Vec::new();
    let mut results = Vec::new();
    for report in reports {
        for reported in &report.found {
            let known = rules.iter().position(|rule| *rule == reported.finding.rule);
            let index = known.unwrap_or_else(|| {
                rules.push(reported.finding.rule);
                rules.len() - 1
            });
            results.push(result(reported, report, index, platform));
        }
        results.extend(report.mended.iter().map(|known| {
            json!({
                "ruleId": known.id, "baselineState": "absent", "kind": "pass", "level": "none",
                "message": { "text": format!("mended at {}", known.place) },
                "partialFingerprints": { FINGERPRINT: known.fingerprint },
            })
        }));
    }
    let notes: Vec<_> = reports.iter().flat_map(|report| &report.notes).collect();
    let notes: Vec<_> = notes.iter().map(|note| json!({ "level": "note", "message": { "text": note } })).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Bartizan",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.into_iter().map(rule).collect::<Vec<_>>(),
            } },
            // Columns count characters, as the program's other forms do.
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notes }],
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(rule: &Rule) -> Value {
    let about = &rule.about;
    let fixes = about.fix.iter().map(|(platform, text)| format!("**{platform}**\n```\n{text}\n```"));
    let references = about.references.iter().map(|known| format!("- [{known}]({})", known.url()));
    let help: Vec<_> = [about.why.to_owned()].into_iter().chain(fixes).collect();
    let help = format!("{}\n\n{}", help.join("\n\n"), references.collect::<Vec<_>>().join("\n"));
    json!({
        "id": rule.id(),
        "shortDescription": { "text": about.title },
        "fullDescription": { "text": about.why },
        "help": { "text": about.why, "markdown": help },
        "helpUri": about.references.first().map(|known| known.url()),
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": {
            "tags": ["security", rule.topic.as_str()],
            "security-severity": security_severity(rule.severity),
            "problem.severity": level(rule.severity),
        },
    })
}

fn result(reported: &Reported, report: &Report, index: usize, platform: Option<Platform>) -> Value {
    let finding = &reported.finding;
    let mut message = format!("{}: {}", finding.rule.about.title, finding.message);
    if let Some(fix) = fix(finding, report, platform).filter(|_| finding.edits.is_empty()) {
        let name = fix.platform.map_or("Fix".to_owned(), |platform| format!("Fix for {platform}"));
        message = format!("{message}\n{name}: {}", fix.text);
    }
    let mut value = json!({
        "ruleId": finding.rule.id(), "ruleIndex": index, "level": level(finding.severity), "kind": "fail",
        "message": { "text": message },
        "locations": [location(finding, report)],
        "partialFingerprints": { FINGERPRINT: reported.fingerprint.to_string() },
        "properties": {
            "severity": finding.severity.as_str(), "precision": precision(finding.confidence),
            "equivalents": finding.equivalents,
        },
    });
    let Some(object) = value.as_object_mut() else { return value };
    match &reported.standing {
        Standing::Open => {}
        Standing::Known => drop(object.insert("baselineState".into(), "unchanged".into())),
        Standing::Suppressed(suppression) => {
            let kind = match suppression.within {
                Within::Comment => "inSource",
                Within::File => "external",
            };
            let suppression = json!([{ "kind": kind, "status": "accepted", "justification": suppression.reason }]);
            object.insert("suppressions".into(), suppression);
        }
    }
    if !finding.edits.is_empty() {
        let changes: Vec<_> = finding.edits.iter().filter_map(|edit| change(edit, report)).collect();
        object.insert("fixes".into(), json!([{ "artifactChanges": changes }]));
    }
    value
}

fn location(finding: &Finding, report: &Report) -> Value {
    match &finding.at {
        Provenance::File(place) => {
            let mut physical =
                json!({ "artifactLocation": { "uri": uri(&place.path) }, "region": region(place, report) });
            let line = report.sources.get(&place.path).map(|text| line_around(text, &place.span));
            if let (Some(line), Some(region)) = (line, physical.get_mut("region").and_then(Value::as_object_mut)) {
                region.insert("snippet".into(), json!({ "text": line }));
            }
            json!({ "physicalLocation": physical })
        }
        Provenance::Live { url } => json!({ "physicalLocation": { "artifactLocation": { "uri": url.as_str() } } }),
        other => json!({ "logicalLocations": [{ "fullyQualifiedName": other.to_string() }] }),
    }
}

fn region(place: &Place, report: &Report) -> Value {
    let text = report.sources.get(&place.path).map_or("", |text| text);
    let region = Region::of(text, &place.span, place.line, place.column);
    json!({
        "startLine": region.line, "startColumn": region.column,
        "endLine": region.end_line, "endColumn": region.end_column,
    })
}

fn change(edit: &Edit, report: &Report) -> Option<Value> {
    report.sources.get(&edit.at.path)?;
    Some(json!({
        "artifactLocation": { "uri": uri(&edit.at.path) },
        "replacements": [{
            "deletedRegion": region(&edit.at, report),
            "insertedContent": { "text": edit.replacement },
        }],
    }))
}

/// A path as a relative reference, or as a `file:` address where it begins at the root: what has a meaning in
/// addresses is encoded (RFC 3986, 3.3 and 4.2; RFC 8089).
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The middle of each class as services sort them: 9 critical, 7 high, 4 medium, below that low.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.0",
    }
}

const fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// The name of our measure of sameness; another measure would need another name.
const FINGERPRINT: &str = "ruleAndPlace/v1";
