//! Questions to the settings, each with Django's own default, and what was lost by them.

use std::cell::RefCell;

use bartizan_rules::facts::django::{Item, Literal, Outcome};

/// The settings, as they are without any variable of the environment.
pub(super) struct Settings<'a> {
    outcome: &'a Outcome,
    lost: RefCell<Vec<String>>,
}

impl<'a> Settings<'a> {
    pub(super) const fn new(outcome: &'a Outcome) -> Self {
        Self { outcome, lost: RefCell::new(Vec::new()) }
    }

    /// Says that a setting cannot be carried over, and why.
    pub(super) fn lose(&self, name: &str, why: &str) {
        let place = self.outcome.setting(name).map(|setting| format!("{}:{}: ", setting.at.path, setting.at.line));
        let text = format!("{}{name}: {why}", place.unwrap_or_default());
        let mut lost = self.lost.borrow_mut();
        if !lost.contains(&text) {
            lost.push(text);
        }
    }

    /// Returns what could not be carried over.
    pub(super) fn lost(&self) -> Vec<String> {
        self.lost.borrow().clone()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.outcome.setting(name).is_some()
    }

    /// Returns a value, and tells what it hangs on.
    pub(super) fn value(&self, name: &str) -> Option<&'a Literal> {
        let setting = self.outcome.setting(name)?;
        if setting.item.value == Literal::Unknown {
            self.lose(name, "what it is cannot be known without running it");
            return None;
        }
        let variables = variables(&setting.item);
        if !variables.is_empty() {
            self.lose(name, &format!("comes from the environment ({}); taken as it is without", variables.join(", ")));
        }
        Some(&setting.item.value)
    }

    pub(super) fn is_on(&self, name: &str, usual: bool) -> bool {
        self.value(name).map_or(usual && !self.has(name), |value| value.truth().unwrap_or(false))
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.value(name)?.text().filter(|text| !text.is_empty())
    }

    pub(super) fn number(&self, name: &str) -> Option<i128> {
        match self.value(name)? {
            Literal::Int(number) => Some(*number),
            Literal::Bool(yes) => Some(i128::from(*yes)),
            _ => None,
        }
    }

    /// Returns the texts of a list; a single text is a list of one.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.value(name).map(texts).unwrap_or_default()
    }

    pub(super) fn has_middleware(&self, path: &str) -> bool {
        self.texts("MIDDLEWARE").iter().any(|known| known == path)
    }

    /// Returns the names of all settings.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.outcome.settings.keys().map(|name| &**name)
    }
}

/// Returns the texts of a list; a single text is a list of one.
pub(super) fn texts(value: &Literal) -> Vec<String> {
    match value {
        Literal::Text(text) if text.is_empty() => Vec::new(),
        Literal::Text(text) => vec![text.to_string()],
        value => {
            let items = value.items().unwrap_or_default().iter();
            items.filter_map(|item| item.value.text().map(str::to_owned)).collect()
        }
    }
}

fn variables(item: &Item) -> Vec<String> {
    let mut names: Vec<String> = item.variables.iter().map(ToString::to_string).collect();
    for inner in item.value.items().unwrap_or_default() {
        names.extend(inner.variables.iter().map(ToString::to_string));
    }
    names.sort_unstable();
    names.dedup();
    names
}
