//! JSON: one object for a report, a list of them for several.
//!
//! Findings are written as they go, for there may be many: on all cores, in their order.

use std::collections::HashMap;
use std::io;
use std::ops::ControlFlow;
use std::ptr;

use bartizan_rules::json::Json;
use bartizan_rules::{Confidence, Edit, Finding, Platform, Provenance, Rule, Safety, together};
use foldhash::fast::RandomState;
use serde_json::{Map, Value, json};

use super::fix::{Fix, fix, of_rule};
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
    let mut json = Json::within(depth);
    json.open_object();
    let members = members(report);
    let (before, after): (Vec<_>, Vec<_>) = members.iter().partition(|(name, _)| name.as_str() < FINDINGS);
    for (name, value) in before {
        json.name(name);
        json.value(value);
    }
    json.name(FINDINGS);
    json.open_list();
    put(&json.take_text())?;
    if !report.found.is_empty() {
        findings(report, platform, depth + 2, &mut true, &mut *put)?;
        json.fill();
    }
    json.close_list();
    for (name, value) in after {
        json.name(name);
        json.value(value);
    }
    json.close_object();
    put(&json.take_text())
}

/// What a report says besides its findings.
pub(super) fn members(report: &Report) -> Map<String, Value> {
    let mut members = report.details.clone();
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
    members
}

pub(super) const FINDINGS: &str = "findings";

/// Writes the findings of a report as items of a list, whose first may be written already.
pub(super) fn findings(
    report: &Report,
    platform: Option<Platform>,
    depth: usize,
    is_first: &mut bool,
    mut put: impl FnMut(&str) -> io::Result<()> + Send,
) -> io::Result<()> {
    let mut written = Ok(());
    let parts: Vec<_> = report.found.chunks(PART).collect();
    let write = |part: &&[Reported], words: &mut Words| words.say(part, report, platform, depth);
    together::in_order(&parts, write, |words| match put(words.text(std::mem::take(is_first))) {
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

/// Some findings as items of a list; room and what rules say are used again.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    /// By the address of the rule, which is one static.
    shared: HashMap<usize, Shared, RandomState>,
}

impl Words {
    /// Puts findings into words, instead of those before.
    pub(super) fn say(&mut self, found: &[Reported], report: &Report, platform: Option<Platform>, depth: usize) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        let mut json = Json::behind(depth).onto(text);
        for reported in found {
            let rule = reported.finding.rule;
            let shared = self
                .shared
                .entry(ptr::from_ref(rule).addr())
                .or_insert_with(|| Shared::of(rule, of_rule(rule, report.platform, platform, true), depth + 1));
            json.item();
            finding(&mut json, reported, report, platform, shared);
        }
        self.text = json.into_text();
    }

    /// Returns the items, as they stand first in a list or behind others.
    pub(super) fn text(&self, is_first: bool) -> &str {
        if is_first { self.text.strip_prefix(',').unwrap_or(&self.text) } else { &self.text }
    }
}

/// What all findings of a rule say alike, as it stands in each of them.
#[derive(Debug)]
struct Shared {
    /// The rule's own cure and its id.
    fix_and_id: String,
    id: String,
    references: String,
    /// The rule's own severity.
    severity: String,
    open: String,
    title_and_topic: String,
    why: String,
}

impl Shared {
    fn of(rule: &'static Rule, fix: Option<Fix<'_>>, depth: usize) -> Self {
        let about = &rule.about;
        let member = |write: &dyn Fn(&mut Json)| {
            let mut json = Json::behind(depth);
            write(&mut json);
            json.into_text()
        };
        let id = member(&|json| json.text_member("id", rule.id()));
        let fix = member(&|json| fix.into_iter().for_each(|fix| cure(json, fix)));
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
        Self {
            fix_and_id: fix + &id,
            id,
            references,
            severity: member(&|json| json.text_member("severity", rule.severity.as_str())),
            open: member(&|json| standing(json, &Standing::Open)),
            title_and_topic,
            why: member(&|json| json.text_member("why", about.why)),
        }
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
    reported.fingerprint.with_digits(|digits| json.text_member("fingerprint", digits));
    // In a file, the rule's own cure is always the same one.
    if finding.fix.is_none() && file.is_some() {
        json.written(&shared.fix_and_id);
    } else {
        fix(finding, report, platform).into_iter().for_each(|fix| cure(json, fix));
        json.written(&shared.id);
    }
    if let Some(place) = file {
        json.number_member("line", place.line);
    }
    json.text_member("message", &finding.message);
    match file {
        Some(place) => json.text_member("place", &place.path),
        None => json.text_member("place", &place(finding)),
    }
    json.written(&shared.references);
    if finding.severity == finding.rule.severity {
        json.written(&shared.severity);
    } else {
        json.text_member("severity", finding.severity.as_str());
    }
    if let Provenance::Stage { site, .. } = &finding.at {
        json.text_member("site", site);
    }
    if let Some((place, text)) = text {
        json.text_member("source", line_around(text, &place.span).trim_end_matches('\r'));
    }
    if let Provenance::Stage { name, .. } = &finding.at {
        json.text_member("stage", name);
    }
    match &reported.standing {
        Standing::Open => json.written(&shared.open),
        other => standing(json, other),
    }
    json.written(&shared.title_and_topic);
    if let Provenance::Live { url } = &finding.at {
        json.text_member("url", url.as_str());
    }
    json.written(&shared.why);
    json.close_object();
}

fn cure(json: &mut Json, fix: Fix<'_>) {
    json.name("fix");
    json.open_object();
    json.text_member("platform", fix.platform.map_or("this place", Platform::name));
    json.text_member("text", fix.text);
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
