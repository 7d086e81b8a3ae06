//! `setvar` and `setenv`.

use crate::expand::Template;
use crate::rule::{Change, VarKey};
use crate::ruleset::RuleSet;
use crate::transaction::Transaction;
use crate::transaction::lookup::integer;
use crate::variable::Variable;

/// A change whose macros are expanded.
enum Expanded {
    Add(i64),
    Set(Vec<u8>),
    Unset,
}

impl Expanded {
    fn apply(self, old: Option<&[u8]>) -> Option<Vec<u8>> {
        match self {
            Self::Add(number) => {
                let old = old.map_or(0, integer);
                Some(old.saturating_add(number).to_string().into_bytes())
            }
            Self::Set(text) => Some(text),
            Self::Unset => None,
        }
    }
}

impl Transaction {
    pub(super) fn set_var(&mut self, rules: &RuleSet, collection: Variable, key: &VarKey, change: &Change) {
        let expanded = match change {
            Change::Add(number) => Expanded::Add(integer(&self.expand(number))),
            Change::Set(text) => {
                // Most variables are set to a text that stands in the rule.
                if let (VarKey::Slot(slot), Some(text)) = (key, text.literal()) {
                    let value = self.values.intern(text.as_bytes());
                    return self.tx.set_slot(*slot, Some(value));
                }
                Expanded::Set(self.expand(text))
            }
            Change::Subtract(number) => Expanded::Add(integer(&self.expand(number)).saturating_neg()),
            Change::Unset => Expanded::Unset,
        };
        match key {
            VarKey::Slot(slot) => self.set_slot(*slot, expanded),
            VarKey::Named(name) => self.set_named(rules, collection, name, expanded),
        }
    }

    fn set_slot(&mut self, slot: u32, change: Expanded) {
        let text = change.apply(self.tx.slot(slot).map(|value| self.values.bytes(value)));
        let value = text.map(|text| self.values.intern(&text));
        self.tx.set_slot(slot, value);
    }

    fn set_named(&mut self, rules: &RuleSet, collection: Variable, name: &Template, change: Expanded) {
        let spelled = self.expand(name);
        let name = String::from_utf8_lossy(&spelled).to_ascii_lowercase();
        match collection {
            Variable::Tx => {
                if let Some(slot) = rules.names.find(&name) {
                    return self.set_slot(slot, change);
                }
                let text = change.apply(self.tx.named(&name).map(|value| self.values.bytes(value)));
                let value = text.map(|text| self.values.intern(&text));
                let key = self.values.intern(&spelled);
                self.tx.set_named(&name, key, value);
            }
            Variable::Env => {
                let text = change.apply(self.env.named(&name).map(|value| self.values.bytes(value)));
                let value = text.map(|text| self.values.intern(&text));
                let key = self.values.intern(&spelled);
                self.env.set_named(&name, key, value);
            }
            _ => {
                if let Some(opened) = self.opened.iter().find(|(kind, _)| *kind == collection) {
                    rules.collections.change(opened, name.as_bytes(), self.now, |old| change.apply(old));
                }
            }
        }
    }
}
