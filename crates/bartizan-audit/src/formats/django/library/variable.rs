//! Environment variables: given, set by the settings themselves, or anything.

use std::rc::Rc;

use super::super::evaluate::Machine;
use super::super::value::{Kind, Sources, Span, Value};

impl Machine<'_> {
    /// Returns an environment variable, if it is set in this world.
    pub(in super::super) fn variable(&mut self, name: &str) -> Option<Value> {
        if let Some(known) = self.known_variable(name) {
            return known;
        }
        self.world.is_set(name).then(|| anything(name))
    }

    /// Returns a variable without which the settings stop: where it may be set, it is taken to be.
    pub(in super::super) fn required_variable(&mut self, name: &str, at: Span) -> Option<Value> {
        if let Some(known) = self.known_variable(name) {
            return known;
        }
        if self.options.variables.is_closed {
            return None;
        }
        Some(anything(name).at(at))
    }

    /// Returns a variable as the operator or the settings set it; nothing, if neither says.
    fn known_variable(&self, name: &str) -> Option<Option<Value>> {
        if let Some(own) = self.environment.get(name) {
            return Some(own.clone());
        }
        let given = self.options.variables.given.get(name)?;
        Some(Some(Value::text(given, Span::default()).from(&Sources::one(name))))
    }

    /// Returns all variables that are known to be set, by name.
    pub(in super::super) fn all_variables(&self) -> Vec<(Rc<str>, Value)> {
        let given = self.options.variables.given.keys().map(|name| Rc::from(&**name));
        let mut names: Vec<Rc<str>> = given.chain(self.environment.keys().cloned()).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().filter_map(|name| Some((Rc::clone(&name), self.known_variable(&name)??))).collect()
    }

    /// Sets a variable unless it is set, as a file of variables does.
    pub(in super::super) fn default_variable(&mut self, name: &str, value: Value, is_override: bool) {
        if is_override || self.known_variable(name).flatten().is_none() {
            self.environment.insert(Rc::from(name), Some(value.from(&Sources::one(name))));
        }
    }
}

/// Returns the value of a variable of which only the name is known.
fn anything(name: &str) -> Value {
    Value::new(Kind::Unknown(Rc::from(format!("${name}"))), Span::default()).from(&Sources::one(name))
}
