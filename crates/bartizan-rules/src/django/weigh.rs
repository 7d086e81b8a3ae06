//! From what each state of the environment shows to findings: what holds in all of them is certain.

use super::stops::stop;
use crate::facts::Provenance;
use crate::facts::django::{Django, Item, Outcome, Setting, Tail};
use crate::{Confidence, Edit, Facts, Findings, Place, Rule, Safety};

/// A fault in one state of the environment.
pub(super) struct Hit {
    at: Place,
    message: String,
    ids: Vec<&'static str>,
    fix: Option<String>,
    edit: Option<Edit>,
    is_certain: bool,
}

impl Hit {
    /// Returns a fault at a setting, or where it should be.
    pub(super) fn new(django: &Django, outcome: &Outcome, name: &str, message: impl Into<String>) -> Self {
        let at = outcome.setting(name).map_or_else(|| django.start.clone(), |setting| setting.at.clone());
        Self::at(at, message)
    }

    /// Returns a fault at a place.
    pub(super) fn at(at: Place, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), ids: Vec::new(), fix: None, edit: None, is_certain: true }
    }

    /// Names it as Django's own check does.
    pub(super) fn id(mut self, id: &'static str) -> Self {
        self.ids.push(id);
        self
    }

    /// Gives the line that mends it.
    pub(super) fn fix(mut self, line: impl Into<String>) -> Self {
        self.fix = Some(line.into());
        self
    }

    /// Gives the change that mends it.
    pub(super) fn edit(mut self, edit: Option<Edit>) -> Self {
        self.edit = edit;
        self
    }

    /// Sets a setting to a value, in the line that is there or in a new one.
    pub(super) fn set(self, django: &Django, outcome: &Outcome, name: &str, value: &str, safety: Safety) -> Self {
        let edit = match outcome.setting(name) {
            Some(setting) => replace(setting, value, safety),
            None => append(django, &format!("{name} = {value}"), safety),
        };
        self.fix(format!("{name} = {value}")).edit(edit)
    }

    /// Says that it cannot be known for certain.
    pub(super) const fn unless_known(mut self, is_known: bool) -> Self {
        self.is_certain = self.is_certain && is_known;
        self
    }
}

/// Judges all settings modules, each in all states of the environment.
pub(super) fn weigh(
    rule: &'static Rule,
    facts: &Facts,
    findings: &mut Findings,
    judge: impl Fn(&Django, &Outcome) -> Vec<Hit>,
) {
    for django in facts.django() {
        let alive = django.outcomes.iter().filter(|outcome| stop(django, outcome).is_none());
        let judged: Vec<(&Outcome, Vec<Hit>)> = alive
            .map(|outcome| {
                let hits = judge(django, outcome).into_iter();
                (outcome, hits.filter(|hit| !is_silenced(outcome, hit)).collect())
            })
            .collect();
        let is_certain = judged.iter().all(|(_, hits)| hits.iter().any(|hit| hit.is_certain));
        let spared = judged.iter().find(|(_, hits)| hits.is_empty()).map(|(outcome, _)| *outcome);
        let mut places: Vec<Place> = Vec::new();
        for (outcome, hits) in judged {
            for hit in hits {
                if places.contains(&hit.at) {
                    continue;
                }
                places.push(hit.at.clone());
                if is_certain && hit.is_certain {
                    report(rule, findings, hit);
                } else {
                    let condition = condition(outcome, spared);
                    report_possible(rule, findings, hit, &condition);
                }
            }
        }
    }
}

fn report(rule: &'static Rule, findings: &mut Findings, hit: Hit) {
    let finding = findings.push(rule, &Provenance::File(hit.at), hit.message);
    finding.fix = hit.fix;
    finding.edits.extend(hit.edit);
    for id in hit.ids {
        finding.equivalent(format!("django:{id}"));
    }
}

/// What depends on the environment is told with its condition, and mended by nobody but whoever sets the environment.
fn report_possible(rule: &'static Rule, findings: &mut Findings, hit: Hit, condition: &str) {
    let message = format!("{}; depends on the environment: {condition}", hit.message);
    let finding = findings.push(rule, &Provenance::File(hit.at), message);
    finding.confidence(Confidence::Low);
    finding.fix = hit.fix;
}

fn condition(outcome: &Outcome, spared: Option<&Outcome>) -> String {
    match (outcome.when.is_empty(), spared.filter(|spared| !spared.when.is_empty())) {
        (false, _) => format!("so if {}", outcome.when.join(" and ")),
        (true, Some(spared)) => format!("not so if {}", spared.when.join(" and ")),
        (true, None) => "its value cannot be known here".to_owned(),
    }
}

/// Whether the operator silenced the check: Django tests whether the id is in the setting.
fn is_silenced(outcome: &Outcome, hit: &Hit) -> bool {
    let Some(silenced) = outcome.value("SILENCED_SYSTEM_CHECKS") else { return false };
    hit.ids.iter().any(|id| match silenced.text() {
        Some(text) => text.contains(id),
        None => silenced.items().is_some_and(|items| items.iter().any(|item| item.value.text() == Some(id))),
    })
}

/// Replaces the value of a setting where it stands literally.
fn replace(setting: &Setting, value: &str, safety: Safety) -> Option<Edit> {
    let is_here = is_within(&setting.item, &setting.at);
    is_here.then(|| Edit { at: setting.item.at.clone(), replacement: value.to_owned(), safety })
}

/// Whether the value is written in the statement itself, and came from nowhere else.
pub(super) fn is_within(item: &Item, at: &Place) -> bool {
    item.is_literal
        && item.variables.is_empty()
        && item.at.path == at.path
        && at.span.start <= item.at.span.start
        && item.at.span.end <= at.span.end
}

/// Adds a line at the end of the settings.
fn append(django: &Django, line: &str, safety: Safety) -> Option<Edit> {
    let replacement = match django.tail {
        Tail::Fixed => return None,
        Tail::Line => format!("{line}\n"),
        Tail::Open => format!("\n{line}\n"),
    };
    Some(Edit { at: django.end.clone(), replacement, safety })
}

/// Adds an entry to a list of the settings: behind the last of those that come before it, else at the end; at the
/// beginning, if none comes before it.
///
/// Nothing where what comes before it is added elsewhere, and where there is nothing yet to come behind.
pub(super) fn insert(outcome: &Outcome, name: &str, entry: &str, before: &[&str], safety: Safety) -> Option<Edit> {
    let setting = outcome.setting(name)?;
    let list = &setting.item;
    let items = list.value.items().filter(|_| is_within(list, &setting.at))?;
    let is_before = |item: &&Item| item.value.text().is_some_and(|text| before.contains(&text));
    let mut last: Option<&Item> = None;
    for item in items.iter().filter(is_before) {
        if !is_within(item, &list.at) {
            return None;
        }
        last = last.filter(|last| last.at.span.start > item.at.span.start).or(Some(item));
    }
    if last.is_none() && !before.is_empty() {
        let own = items.iter().filter(|item| is_within(item, &list.at));
        last = Some(own.max_by_key(|item| item.at.span.start)?);
    }
    let own_line = |item: &Item| item.at.line != list.at.line;
    let (at, replacement) = match last {
        Some(last) => {
            let mut at = last.at.clone();
            at.column = at.column.saturating_add(at.span.len());
            at.span = at.span.end..at.span.end;
            let indent = " ".repeat(last.at.column.saturating_sub(1));
            (at, if own_line(last) { format!(",\n{indent}\"{entry}\"") } else { format!(", \"{entry}\"") })
        }
        None => {
            let mut at = list.at.clone();
            at.span = at.span.start + 1..at.span.start + 1;
            at.column += 1;
            let first = items.iter().filter(|item| is_within(item, &list.at)).min_by_key(|item| item.at.span.start);
            let indent = first.map_or(5, |first| first.at.column).saturating_sub(1);
            match first {
                Some(first) if !own_line(first) => (at, format!("\"{entry}\", ")),
                Some(_) => (at, format!("\n{}\"{entry}\",", " ".repeat(indent))),
                None => (at, format!("\n    \"{entry}\",")),
            }
        }
    };
    Some(Edit { at, replacement, safety })
}
