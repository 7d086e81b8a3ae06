//! `TX` and `ENV`: variables that rules set while one transaction lasts.

use std::collections::HashMap;

use crate::values::Value;

/// Variables by number where rules know their names, else by name.
#[derive(Debug, Default)]
pub(crate) struct Vars {
    slots: Vec<Option<Value>>,
    /// The numbers that are or were set, in the order in which they first were.
    touched: Vec<u32>,
    others: HashMap<Box<str>, usize>,
    /// Names that no rule knows, in order.
    named: Vec<(Value, Option<Value>)>,
}

impl Vars {
    pub(crate) fn reset(&mut self, slots: usize) {
        for slot in self.touched.drain(..) {
            if let Some(value) = self.slots.get_mut(slot as usize) {
                *value = None;
            }
        }
        self.slots.resize(slots, None);
        self.others.clear();
        self.named.clear();
    }

    pub(crate) fn slot(&self, slot: u32) -> Option<Value> {
        self.slots.get(slot as usize).copied().flatten()
    }

    pub(crate) fn set_slot(&mut self, slot: u32, value: Option<Value>) {
        if let Some(kept) = self.slots.get_mut(slot as usize) {
            if kept.is_none() && value.is_some() && !self.touched.contains(&slot) {
                self.touched.push(slot);
            }
            *kept = value;
        }
    }

    /// Returns a variable whose name, in lower case, has no number.
    pub(crate) fn named(&self, name: &str) -> Option<Value> {
        let index = *self.others.get(name)?;
        self.named.get(index)?.1
    }

    pub(crate) fn set_named(&mut self, name: &str, key: Value, value: Option<Value>) {
        if let Some(kept) = self.others.get(name).and_then(|&index| self.named.get_mut(index)) {
            kept.1 = value;
        } else if self.named.len() < MOST_NAMED {
            self.others.insert(name.into(), self.named.len());
            self.named.push((key, value));
        }
    }

    /// Returns the numbers that are set, in order.
    pub(crate) fn slots(&self) -> impl Iterator<Item = (u32, Value)> + '_ {
        self.touched.iter().filter_map(|&slot| Some((slot, self.slot(slot)?)))
    }

    /// Returns the names without numbers that are set, in order.
    pub(crate) fn others(&self) -> impl Iterator<Item = (Value, Value)> + '_ {
        self.named.iter().filter_map(|&(key, value)| Some((key, value?)))
    }
}

/// Rules make names of arguments' names: as many as arguments are read, and some.
const MOST_NAMED: usize = 4_096;
