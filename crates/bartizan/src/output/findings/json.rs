//! JSON: one object for a report, a list of them for several.
//!
//! Findings are written as they go, for there may be many: on all cores, in their order.

use std::io;
use std::ops::ControlFlow;

use bartizan_rules::json::Json;
use bartizan_rules::{Confidence, Edit, Finding, Platform, Provenance, Rule, Safety, together};
use serde_json::{Map, Value, json};

use super::fix::fix;
use super::region::{Region, line_around};
use super::report::{Grade, Known, Report, Reported, Standing, Within};

/// Returns the reports as one text.
pub(super) fn render(reports: &[Report], platform: Option<Platform>) -> String {
    let mut text = String::new();
    let written = write(reports, platform, |part| {
        text.push_str(part);
        Ok(())
    });
    debug_assert!(written.is_ok(), "a text takes everything");
    text
}

/// Writes the reports part by part.
pub(super) fn write(
    reports: &[Report],
    platform: Option<Platform>,
    mut put: impl FnMut(&str) -> io::Result<()> + Send,
) -> io::Result<()> {
    if let [report] = reports {
        one(report, platform, 0, &mut put)?;
        return put("\n");
    }
    let mut json = Json::within(0);
    json.open_list();
    for report in reports {
        json.item();
        put(&json.take_text())?;
        one(report, platform, 1, &mut put)?;
    }
    json.close_list();
    put(&json.take_text())?;
    put("\n")
}

/// Writes one report: `findings`, `grades`, and what the report's maker added.
fn one(
    report: &Report,
    platform: Option<Platform>,
    depth: usize,
    put: &mut (impl FnMut(&str) -> io::Result<()> + Send),
) -> io::Result<()> {
    let mut members = Map::new();
    // Written below, where its place among the others is.
    members.insert(FINDINGS.into(), Value::Null);
    members.insert("subject".into(), report.subject.as_str().into());
    if !report.grades.is_empty() {
        members.insert("grades".into(), report.grades.iter().map(grade).collect());
    }
    if !report.mended.is_empty() {
        members.insert("mended".into(), report.mended.iter().map(known).collect());
    }
    if !report.notes.is_empty() {
        members.insert("notes".into(), report.notes.as_slice().into());
    }
    members.extend(report.details.clone());
    let mut json = Json::within(depth);
    json.open_object();
    for (name, value) in &members {
        json.name(name);
        if name == FINDINGS {
            json.open_list();
            put(&json.take_text())?;
            findings(report, platform, depth + 2, put)?;
            if !report.found.is_empty() {
                json.fill();
            }
            json.close_list();
        } else {
            json.value(value);
        }
    }
    json.close_object();
    put(&json.take_text())
}

const FINDINGS: &str = "findings";

fn findings(
    report: &Report,
    platform: Option<Platform>,
    depth: usize,
    put: &mut (impl FnMut(&str) -> io::Result<()> + Send),
) -> io::Result<()> {
    let mut written = Ok(());
    let parts: Vec<_> = report.found.chunks(PART).enumerate().collect();
    let write = |(number, part): &(usize, &[Reported]), text: &mut String| {
        text.clear();
        let json = if *number == 0 { Json::within(depth) } else { Json::behind(depth) };
        let mut json = json.onto(std::mem::take(text));
        let mut shared: Option<Shared> = None;
        for reported in *part {
            let rule = reported.finding.rule;
            // Findings of one rule stand together.
            let shared = match &mut shared {
                Some(shared) if shared.rule == rule => shared,
                other => other.insert(Shared::of(rule, depth + 1)),
            };
            json.item();
            finding(&mut json, reported, report, platform, shared);
        }
        *text = json.into_text();
    };
    together::in_order(&parts, write, |text| match put(text) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            written = Err(error);
            ControlFlow::Break(())
        }
    });
    written
}

/// Few enough that their text stays near the processor, and enough that threads seldom meet.
const PART: usize = 64;

/// What all findings of a rule say alike, as it stands in each of them.
struct Shared {
    rule: &'static Rule,
    references: String,
    title_and_topic: String,
    why: String,
}

impl Shared {
    fn of(rule: &'static Rule, depth: usize) -> Self {
        let about = &rule.about;
        let member = |write: &dyn Fn(&mut Json)| {
            let mut json = Json::behind(depth);
            write(&mut json);
            json.into_text()
        };
        let references = member(&|json| {
            json.name("references");
            json.open_list();
            for known in about.references {
                json.item();
                json.open_object();
                json.text_member("name", &known.to_string());
                json.text_member("url", &known.url());
                json.close_object();
            }
            json.close_list();
        });
        let title_and_topic = member(&|json| {
            json.text_member("title", about.title);
            json.text_member("topic", rule.topic.as_str());
        });
        Self { rule, references, title_and_topic, why: member(&|json| json.text_member("why", about.why)) }
    }
}

/// Writes a finding; its members by name.
fn finding(json: &mut Json, reported: &Reported, report: &Report, platform: Option<Platform>, shared: &Shared) {
    let finding = &reported.finding;
    let file = if let Provenance::File(place) = &finding.at { Some(place) } else { None };
    let text = file.and_then(|place| Some((place, report.sources.get(&place.path)?)));
    json.open_object();
    if let Some(place) = file {
        json.number_member("column", place.column);
    }
    json.text_member("confidence", confidence(finding.confidence));
    if !finding.edits.is_empty() {
        json.name("edits");
        json.open_list();
        for change in &finding.edits {
            json.item();
            edit(json, change);
        }
        json.close_list();
    }
    if let Some((place, text)) = text {
        let region = Region::of(text, &place.span, place.line, place.column);
        json.number_member("end_column", region.end_column);
        json.number_member("end_line", region.end_line);
    }
    if !finding.equivalents.is_empty() {
        json.name("equivalents");
        json.open_list();
        for name in &finding.equivalents {
            json.item();
            json.text(name);
        }
        json.close_list();
    }
    if let Some(place) = file {
        json.text_member("file", &place.path);
    }
    json.text_member("fingerprint", &reported.fingerprint);
    if let Some(fix) = fix(finding, report, platform) {
        json.name("fix");
        json.open_object();
        json.text_member("platform", fix.platform.map_or("this place", Platform::name));
        json.text_member("text", fix.text);
        json.close_object();
    }
    json.text_member("id", finding.rule.id());
    if let Some(place) = file {
        json.number_member("line", place.line);
    }
    json.text_member("message", &finding.message);
    match file {
        Some(place) => json.text_member("place", &place.path),
        None => json.text_member("place", &place(finding)),
    }
    json.written(&shared.references);
    json.text_member("severity", finding.severity.as_str());
    if let Provenance::Stage { site, .. } = &finding.at {
        json.text_member("site", site);
    }
    if let Some((place, text)) = text {
        json.text_member("source", line_around(text, &place.span).trim_end_matches('\r'));
    }
    if let Provenance::Stage { name, .. } = &finding.at {
        json.text_member("stage", name);
    }
    standing(json, &reported.standing);
    json.written(&shared.title_and_topic);
    if let Provenance::Live { url } = &finding.at {
        json.text_member("url", url.as_str());
    }
    json.written(&shared.why);
    json.close_object();
}

fn standing(json: &mut Json, standing: &Standing) {
    match standing {
        Standing::Known => json.text_member("standing", "known"),
        Standing::Open => json.text_member("standing", "open"),
        Standing::Suppressed(suppression) => {
            json.text_member("standing", "suppressed");
            json.name("suppression");
            json.open_object();
            json.text_member("reason", &suppression.reason);
            let within = match suppression.within {
                Within::Comment => "comment",
                Within::File => "file",
            };
            json.text_member("within", within);
            json.close_object();
        }
    }
}

fn edit(json: &mut Json, edit: &Edit) {
    json.open_object();
    json.number_member("column", edit.at.column);
    json.number_member("end", edit.at.span.end);
    json.text_member("file", &edit.at.path);
    json.number_member("line", edit.at.line);
    json.text_member("replacement", &edit.replacement);
    match edit.safety {
        Safety::Safe => json.text_member("safety", "safe"),
        Safety::Risky(reason) => {
            json.text_member("risk", reason);
            json.text_member("safety", "risky");
        }
    }
    json.number_member("start", edit.at.span.start);
    json.close_object();
}

const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// Returns a finding without what its rule says of every such finding: for a line of a batch.
pub fn brief(finding: &Finding) -> Value {
    let mut object = Map::new();
    let mut set = |name: &str, value: Value| object.insert(name.into(), value);
    set("id", finding.rule.id().into());
    set("severity", finding.severity.as_str().into());
    set("confidence", confidence(finding.confidence).into());
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
    Value::Object(object)
}

/// Returns where a finding is, in one line and without line numbers where it is in a file.
pub(super) fn place(finding: &Finding) -> String {
    match &finding.at {
        Provenance::File(place) => place.path.to_string(),
        other => other.to_string(),
    }
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
