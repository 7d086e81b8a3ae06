//! JSON: one object for a report, a list of them for several.

use bartizan_rules::{Edit, Finding, Platform, Provenance, Safety};
use serde_json::{Map, Value, json};

use super::fix::fix;
use super::region::{Region, line_around};
use super::report::{Grade, Known, Report, Reported, Standing, Within};

/// Writes the reports.
pub(super) fn render(reports: &[Report], platform: Option<Platform>) -> String {
    let mut all: Vec<Value> = reports.iter().map(|report| one(report, platform)).collect();
    let value = if all.len() == 1 { all.remove(0) } else { Value::Array(all) };
    format!("{value:#}\n")
}

/// Returns one report as a value: `findings`, `grades`, and what the report's maker added.
pub fn one(report: &Report, platform: Option<Platform>) -> Value {
    let mut object = Map::new();
    object.insert("subject".into(), report.subject.as_str().into());
    if !report.grades.is_empty() {
        object.insert("grades".into(), report.grades.iter().map(grade).collect());
    }
    object.insert("findings".into(), report.found.iter().map(|found| full(found, report, platform)).collect());
    if !report.mended.is_empty() {
        object.insert("mended".into(), report.mended.iter().map(known).collect());
    }
    if !report.notes.is_empty() {
        object.insert("notes".into(), report.notes.as_slice().into());
    }
    object.extend(report.details.clone());
    Value::Object(object)
}

/// Returns a finding without what its rule says of every such finding: for a line of a batch.
pub fn brief(finding: &Finding) -> Value {
    Value::Object(facts(finding))
}

fn facts(finding: &Finding) -> Map<String, Value> {
    let mut object = Map::new();
    let mut set = |name: &str, value: Value| object.insert(name.into(), value);
    set("id", finding.rule.id().into());
    set("severity", finding.severity.as_str().into());
    set("confidence", json!(finding.confidence));
    set("message", finding.message.as_str().into());
    set("place", place(finding).into());
    match &finding.at {
        Provenance::File(place) => {
            set("file", (&*place.path).into());
            set("line", place.line.into());
            set("column", place.column.into());
        }
        Provenance::Live { url } => drop(set("url", url.as_str().into())),
        Provenance::Stage { site, name } => {
            set("site", site.as_str().into());
            set("stage", (*name).into());
        }
        _ => {}
    }
    if !finding.equivalents.is_empty() {
        set("equivalents", finding.equivalents.as_slice().into());
    }
    object
}

fn full(reported: &Reported, report: &Report, platform: Option<Platform>) -> Value {
    let finding = &reported.finding;
    let about = &finding.rule.about;
    let mut object = facts(finding);
    let mut set = |name: &str, value: Value| object.insert(name.into(), value);
    if let Provenance::File(place) = &finding.at
        && let Some(text) = report.sources.get(&place.path)
    {
        let region = Region::of(text, &place.span, place.line, place.column);
        set("end_line", region.end_line.into());
        set("end_column", region.end_column.into());
        set("source", line_around(text, &place.span).trim_end_matches('\r').into());
    }
    set("topic", finding.rule.topic.as_str().into());
    set("title", about.title.into());
    set("why", about.why.into());
    if let Some(fix) = fix(finding, report, platform) {
        let name = fix.platform.map_or("this place", Platform::name);
        set("fix", json!({ "platform": name, "text": fix.text }));
    }
    if !finding.edits.is_empty() {
        set("edits", finding.edits.iter().map(edit).collect());
    }
    let references = about.references.iter();
    let references = references.map(|known| json!({ "name": known.to_string(), "url": known.url() }));
    set("references", references.collect());
    set("fingerprint", reported.fingerprint.as_str().into());
    match &reported.standing {
        Standing::Known => drop(set("standing", "known".into())),
        Standing::Open => drop(set("standing", "open".into())),
        Standing::Suppressed(suppression) => {
            set("standing", "suppressed".into());
            let within = match suppression.within {
                Within::Comment => "comment",
                Within::File => "file",
            };
            set("suppression", json!({ "within": within, "reason": suppression.reason }));
        }
    }
    Value::Object(object)
}

/// Returns where a finding is, in one line and without line numbers where it is in a file.
pub(super) fn place(finding: &Finding) -> String {
    match &finding.at {
        Provenance::File(place) => place.path.to_string(),
        other => other.to_string(),
    }
}

fn edit(edit: &Edit) -> Value {
    let mut value = json!({
        "file": &*edit.at.path, "line": edit.at.line, "column": edit.at.column,
        "start": edit.at.span.start, "end": edit.at.span.end, "replacement": edit.replacement,
        "safety": match edit.safety { Safety::Safe => "safe", Safety::Risky(_) => "risky" },
    });
    if let (Safety::Risky(reason), Some(object)) = (edit.safety, value.as_object_mut()) {
        object.insert("risk".into(), reason.into());
    }
    value
}

fn grade(grade: &Grade) -> Value {
    let items = grade.items.iter();
    let items: Vec<_> =
        items.map(|item| json!({ "name": item.name, "result": item.result, "points": item.points })).collect();
    let mut value =
        json!({ "authority": grade.authority, "letter": grade.letter, "detail": grade.detail, "items": items });
    if !grade.caps.is_empty() {
        let caps = grade.caps.iter().map(|cap| json!({ "letter": cap.letter, "why": cap.why }));
        value["caps"] = caps.collect();
    }
    value
}

fn known(known: &Known) -> Value {
    json!({ "id": known.id, "place": known.place, "fingerprint": known.fingerprint })
}
