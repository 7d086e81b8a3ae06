//! What all files together give to a report, besides what was found in each.

use bartizan_audit::discover::Audited;
use bartizan_rules::Facts;
use serde_json::{Map, Value, json};

use super::judged::Judged;
use crate::output::findings::Sources;

/// What all files together give to a report.
#[derive(Debug, Default)]
pub(super) struct Whole {
    /// What could not be read, as the report has it.
    pub(super) unparsed: Vec<Value>,
    /// The scores of units, by name.
    pub(super) systemd: Map<String, Value>,
    /// The facts, where they are kept.
    pub(super) facts: Facts,
    pub(super) sources: Sources,
}

impl Whole {
    /// Adds what is left of one configuration.
    pub(super) fn judged(&mut self, judged: &mut Judged) {
        for unit in judged.systemd.drain(..) {
            // Of two units of one name, the path tells which is which.
            let name = if self.systemd.contains_key(&unit.name) { unit.path.to_string() } else { unit.name };
            self.systemd.insert(name, json!(unit.exposure));
        }
        if let Some(more) = judged.facts.take() {
            self.facts.append(more);
        }
    }

    /// Adds what one tree gave.
    pub(super) fn add(&mut self, audited: Audited<()>) {
        self.unparsed.extend(audited.problems.iter().map(|problem| {
            let at = &problem.at;
            json!({ "file": &*at.path, "line": at.line, "column": at.column, "message": problem.message })
        }));
        self.unparsed.extend(audited.unread.iter().map(|error| json!({ "message": error.to_string() })));
        self.sources.extend(audited.sources);
    }
}

/// Returns what could not be read, in a line.
pub(super) fn note(problem: &Value) -> String {
    let at = |name: &str| match &problem[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let place = if problem["file"].is_null() { String::new() } else { format!("{}:{}: ", at("file"), at("line")) };
    format!("{place}{}", at("message"))
}
