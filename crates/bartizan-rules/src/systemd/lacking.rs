//! Settings of the sandbox that a service lacks: what the score says, and the lines that mend it.

use super::exposure::exposure;
use crate::facts::systemd::Systemd;
use crate::{Edit, Facts, Findings, Place, Provenance, Rule, Safety};

/// A setting of the score, and how it is mended.
#[derive(Debug)]
pub(super) struct Cure {
    /// Its name in the program's JSON.
    pub(super) setting: &'static str,
    /// The name in the unit.
    pub(super) key: &'static str,
    /// The values that mend it, each in a line of its own.
    pub(super) values: &'static [&'static str],
    /// Whether they may be set without asking.
    pub(super) safety: Safety,
}

/// Reports each service that lacks any of the settings, once.
pub(super) fn report(rule: &'static Rule, facts: &Facts, findings: &mut Findings, cures: &'static [Cure]) {
    for unit in facts.systemd() {
        let Some(exposure) = exposure(unit) else { continue };
        let is_open = |cure: &&Cure| exposure.settings.get(cure.setting).is_some_and(|found| found.ok == Some(false));
        let open: Vec<_> = cures.iter().filter(is_open).collect();
        let Some(first) = open.first() else { continue };
        let mut keys: Vec<&Cure> = open.clone();
        keys.dedup_by_key(|cure| cure.key);
        let last = unit.last("Service", first.key);
        let at = last.map_or_else(|| unit.service.clone(), |line| line.at.clone());
        let said: Vec<_> = keys.iter().map(|cure| state(unit, cure)).collect();
        let lines: Vec<_> = keys.iter().flat_map(|cure| lines(cure, false)).collect();
        let finding = findings.push(rule, &Provenance::File(at), said.join("; "));
        finding.fix(format!("[Service]\n{}", lines.join("\n")));
        for cure in &open {
            finding.equivalent(format!("systemd:{}", cure.setting));
        }
        for edit in edits(unit, &keys) {
            finding.edit(edit);
        }
    }
}

fn state(unit: &Systemd, cure: &Cure) -> String {
    match unit.last("Service", cure.key) {
        None => format!("{}= is not set", cure.key),
        Some(line) => format!("{}={} is not enough", cure.key, line.value),
    }
}

/// Lists grow with each line, so that one that allows too much has to begin anew.
fn lines(cure: &Cure, is_reset: bool) -> Vec<String> {
    let reset = is_reset.then(|| format!("{}=", cure.key));
    reset.into_iter().chain(cure.values.iter().map(|value| format!("{}={value}", cure.key))).collect()
}

fn edits(unit: &Systemd, cures: &[&Cure]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut added = String::new();
    let mut safety = Safety::Safe;
    for cure in cures {
        let last = unit.last("Service", cure.key);
        // What a drop-in says comes later, whatever the unit's own file says.
        if last.is_some_and(|line| !line.is_own) {
            continue;
        }
        match (last, cure.values) {
            (Some(line), [value]) if !LISTS.contains(&cure.key) => {
                edits.push(change(line.value_at.clone(), (*value).to_owned(), cure.safety));
            }
            (last, _) => {
                let is_reset = last.is_some() && LISTS.contains(&cure.key) && cure.key != "CapabilityBoundingSet";
                for line in lines(cure, is_reset) {
                    added.push('\n');
                    added.push_str(&line);
                }
                if cure.safety != Safety::Safe {
                    safety = cure.safety;
                }
            }
        }
    }
    if let Some(room) = unit.room.clone().filter(|_| !added.is_empty()) {
        edits.push(change(room, added, safety));
    }
    edits
}

const fn change(at: Place, replacement: String, safety: Safety) -> Edit {
    Edit { at, replacement, safety }
}

/// The settings whose lines add up.
const LISTS: [&str; 3] = ["CapabilityBoundingSet", "RestrictAddressFamilies", "SystemCallFilter"];
