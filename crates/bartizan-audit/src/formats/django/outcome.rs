//! From the names of a module to settings that rules can judge.

use std::collections::BTreeMap;

use bartizan_rules::Place;
use bartizan_rules::facts::django::{FailureView, Item, Literal, Outcome, Setting, Stopped};

use super::evaluate::{Exception, Library};
use super::value::{Kind, Names, Span, Value};

/// Returns the settings among the names of a module: those in capitals.
pub(super) fn outcome(library: &Library, names: &Names, when: Vec<String>, failure_view: FailureView) -> Outcome {
    let mut settings = BTreeMap::new();
    let mut budget = ITEMS;
    for (name, binding) in names.borrow().iter() {
        if !is_setting(name) {
            continue;
        }
        let Some(at) = place(library, binding.at) else { continue };
        let item = item(library, &binding.value, &at, 0, &mut budget);
        settings.insert(Box::from(&**name), Setting { item, at });
    }
    Outcome { settings, stopped: None, when, failure_view }
}

/// Returns settings that ended in an error.
pub(super) fn stopped(library: &Library, exception: Option<&Exception>, start: &Place, when: Vec<String>) -> Outcome {
    let stopped = match exception {
        Some(exception) => {
            let (class, message) = (exception.class(), &exception.message);
            let message = if message.is_empty() { class.to_owned() } else { format!("{class}: {message}") };
            let at = place(library, exception.at).unwrap_or_else(|| start.clone());
            Some(Stopped { at, message })
        }
        None => None,
    };
    Outcome { settings: BTreeMap::new(), stopped, when, failure_view: FailureView::Fits }
}

/// Returns the place of a span; that of the `exec` for a text that was run.
pub(super) fn place(library: &Library, span: Span) -> Option<Place> {
    let file = library.numbered(span.file)?;
    match file.run_from {
        Some(from) if from.file != span.file => place(library, from),
        Some(_) => None,
        None => Some(file.source.place(span.start as usize..span.end as usize)),
    }
}

/// Whether Django takes a name for a setting: Python's `str.isupper`.
fn is_setting(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

fn item(library: &Library, value: &Value, by: &Place, depth: u32, budget: &mut usize) -> Item {
    let origin = (value.origin != Span::default()).then(|| place(library, value.origin)).flatten();
    let is_literal = value.variables.names().next().is_none()
        && library.numbered(value.origin.file).is_some_and(|file| file.run_from.is_none())
        && is_written(library, value);
    let at = origin.unwrap_or_else(|| by.clone());
    let variables = value.variables.names().map(|name| Box::from(&**name)).collect();
    Item { value: literal(library, value, by, depth, budget), at, is_literal, variables }
}

/// Whether the value stands literally where it was written.
fn is_written(library: &Library, value: &Value) -> bool {
    let Some(file) = library.numbered(value.origin.file) else { return false };
    let text = file.source.text();
    let Some(written) = text.get(value.origin.start as usize..value.origin.end as usize) else { return false };
    match &value.kind {
        Kind::Text(text) => {
            let body = written.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let is_quoted = body.starts_with(['\'', '"']) && !written.starts_with(['f', 'F', 't', 'T']);
            is_quoted && (body.contains(&**text) || text.is_empty() || body.contains('\n'))
        }
        Kind::Bool(true) => written == "True",
        Kind::Bool(false) => written == "False",
        Kind::None => written == "None",
        Kind::Int(number) => written.parse() == Ok(*number),
        Kind::List(items) => written.starts_with('[') && is_display(written, &items.borrow(), value.origin),
        Kind::Tuple(items) => written.starts_with('(') && is_display(written, items, value.origin),
        Kind::Dict(_) | Kind::Set(_) => written.starts_with('{'),
        Kind::Bytes(_) => written.starts_with(['b', 'B']),
        _ => false,
    }
}

/// Whether a list or tuple is written out, so that something can be put behind its opening bracket.
///
/// What a comprehension makes is written nowhere.
fn is_display(written: &str, items: &[Value], origin: Span) -> bool {
    let inside = |item: &&Value| {
        item.origin.file == origin.file && item.origin.start > origin.start && item.origin.end <= origin.end
    };
    let first = items.iter().filter(inside).map(|item| item.origin.start - origin.start).min();
    let end = first.map_or(written.len().saturating_sub(1), |first| first as usize);
    let before = written.get(1..end).unwrap_or_default().trim_start();
    before.starts_with('*') || before.lines().all(|line| line.trim().is_empty() || line.trim().starts_with('#'))
}

fn literal(library: &Library, value: &Value, by: &Place, depth: u32, budget: &mut usize) -> Literal {
    if depth > DEEPEST || *budget == 0 {
        return Literal::Unknown;
    }
    *budget -= 1;
    let mut all = |items: &[Value]| -> Vec<Item> {
        items.iter().map(|value| item(library, value, by, depth + 1, budget)).collect()
    };
    match &value.kind {
        Kind::None => Literal::None,
        Kind::Bool(yes) => Literal::Bool(*yes),
        Kind::Int(number) => Literal::Int(*number),
        Kind::Float(number) => Literal::Float(Box::from(number.to_string())),
        Kind::Text(text) => Literal::Text(Box::from(&**text)),
        Kind::Bytes(bytes) => Literal::Bytes(bytes.to_vec()),
        Kind::List(items) => Literal::List(all(&items.borrow())),
        Kind::Set(items) => Literal::Set(all(&items.borrow())),
        Kind::Tuple(items) => Literal::Tuple(all(items)),
        Kind::Dict(dict) => {
            let dict = dict.borrow();
            let (keys, values): (Vec<Value>, Vec<Value>) = dict.entries.iter().cloned().unzip();
            let keys = all(&keys);
            Literal::Dict(keys.into_iter().zip(all(&values)).collect())
        }
        Kind::Known(name) if name.starts_with("builtins.") => Literal::Other(Box::from("type")),
        Kind::Unknown(_) | Kind::Known(_) | Kind::Method(_) => Literal::Unknown,
        _ => Literal::Other(Box::from(value.type_name())),
    }
}

/// Settings are dictionaries in lists in dictionaries, rarely deeper.
const DEEPEST: u32 = 12;
/// Items of all settings together.
const ITEMS: usize = 100_000;
