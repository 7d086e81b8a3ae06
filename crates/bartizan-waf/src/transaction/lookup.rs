//! What a variable holds at this moment, and texts with macros.

use super::{Item, Transaction};
use crate::expand::{Segment, Template};
use crate::rule::KeySelector;
use crate::values::Value;
use crate::variable::Variable;

impl Transaction {
    /// Adds the values of a target to `found`.
    pub(crate) fn gather(&mut self, variable: Variable, selector: &KeySelector, found: &mut Vec<Item>) {
        if !variable.is_changing() {
            let values = &self.values;
            let items = self.items[variable as usize].iter();
            match selector {
                KeySelector::All => found.extend(items),
                _ => found.extend(items.filter(|item| selector.selects(values.bytes(item.key)))),
            }
            return;
        }
        match variable {
            Variable::Tx => self.gather_tx(selector, found),
            Variable::Env => {
                let values = &self.values;
                let items = self.env.others().map(|(key, value)| Item { key, value });
                found.extend(items.filter(|item| selector.selects(values.bytes(item.key))));
            }
            Variable::Global | Variable::Ip | Variable::Resource | Variable::Session | Variable::User => {
                self.gather_collection(variable, selector, found);
            }
            Variable::MatchedVars | Variable::MatchedVarsNames => {
                for index in 0..self.matched.len() {
                    let Some(matched) = self.matched.get(index).copied() else { continue };
                    let name = self.matched_name(index);
                    let key = self.values.intern(&name);
                    let value = if variable == Variable::MatchedVars { matched.value } else { key };
                    if selector.selects(&name) {
                        found.push(Item { key, value });
                    }
                }
            }
            Variable::Rule => {
                for key in ["id", "rev", "severity", "msg", "logdata", "ver", "phase"] {
                    if selector.selects(key.as_bytes()) {
                        let text = self.rule_value(key);
                        let (key, value) = (self.values.intern(key.as_bytes()), self.values.intern(&text));
                        found.push(Item { key, value });
                    }
                }
            }
            scalar => {
                let text = self.scalar(scalar);
                let value = self.values.intern(&text);
                found.push(Item { key: Value::EMPTY, value });
            }
        }
    }

    fn gather_tx(&mut self, selector: &KeySelector, found: &mut Vec<Item>) {
        if let KeySelector::Slot(slot) = selector {
            found.extend(self.tx.slot(*slot).map(|value| Item { key: Value::EMPTY, value }));
            return;
        }
        let rules = std::sync::Arc::clone(&self.rules);
        let slots = |slot: u32| Some((slot, self.tx.slot(slot)?));
        let set: Vec<(u32, Value)> = match selector {
            KeySelector::Pattern(pattern) => pattern.slots(&rules.names).iter().copied().filter_map(slots).collect(),
            _ => self.tx.slots().filter(|(slot, _)| selector.selects(rules.names.name(*slot).as_bytes())).collect(),
        };
        for (slot, value) in set {
            found.push(Item { key: self.values.intern(rules.names.name(slot).as_bytes()), value });
        }
        let values = &self.values;
        let others = self.tx.others().map(|(key, value)| Item { key, value });
        found.extend(others.filter(|item| selector.selects(values.bytes(item.key))));
    }

    fn gather_collection(&mut self, variable: Variable, selector: &KeySelector, found: &mut Vec<Item>) {
        let Some(name) = self.opened.iter().find(|(kind, _)| *kind == variable).cloned() else { return };
        let rules = std::sync::Arc::clone(&self.rules);
        rules.collections.each(&name, self.now, |key, value| {
            if selector.selects(key) {
                found.push(Item { key: self.values.intern(key), value: self.values.intern(value) });
            }
        });
    }

    /// Returns the text of a template.
    pub(crate) fn expand(&self, template: &Template) -> Vec<u8> {
        let mut text = Vec::new();
        for segment in template.segments() {
            match segment {
                Segment::Literal(literal) => text.extend_from_slice(literal.as_bytes()),
                Segment::Slot(slot) => {
                    text.extend_from_slice(
                        self.tx.slot(*slot).map(|value| self.values.bytes(value)).unwrap_or_default(),
                    );
                }
                Segment::Value(variable, key) => self.append(*variable, key, &mut text),
            }
            // Values may be as long as a body: a text made of them is read by a person or compared with a short one.
            text.truncate(MOST_EXPANDED);
        }
        text
    }

    fn append(&self, variable: Variable, key: &str, text: &mut Vec<u8>) {
        if !variable.is_changing() {
            let mut items = self.items(variable).iter();
            let is_key =
                |item: &&Item| key.is_empty() || self.values.bytes(item.key).eq_ignore_ascii_case(key.as_bytes());
            text.extend_from_slice(items.find(is_key).map(|item| self.values.bytes(item.value)).unwrap_or_default());
            return;
        }
        match variable {
            Variable::Global | Variable::Ip | Variable::Resource | Variable::Session | Variable::User => {
                let name = self.opened.iter().find(|(kind, _)| *kind == variable);
                let value = name.and_then(|name| self.rules.collections.value(name, key.as_bytes(), self.now));
                text.extend(value.unwrap_or_default());
            }
            Variable::Env => {
                text.extend_from_slice(self.env.named(key).map(|value| self.values.bytes(value)).unwrap_or_default());
            }
            Variable::Tx => {}
            Variable::MatchedVars => {
                text.extend_from_slice(self.matched.last().map(|it| self.values.bytes(it.value)).unwrap_or_default());
            }
            Variable::MatchedVarsNames => text.extend(self.scalar(Variable::MatchedVarName)),
            Variable::Rule => text.extend(self.rule_value(key)),
            scalar => text.extend(self.scalar(scalar)),
        }
    }

    /// Returns what a variable with one value holds that changes from rule to rule.
    fn scalar(&self, variable: Variable) -> Vec<u8> {
        let time = crate::clock::Time::of(self.now);
        match variable {
            Variable::Duration => self.elapsed_milliseconds.to_string().into_bytes(),
            Variable::HighestSeverity => self.highest_severity.to_string().into_bytes(),
            Variable::MatchedVar => {
                self.matched.last().map(|it| self.values.bytes(it.value)).unwrap_or_default().to_vec()
            }
            Variable::MatchedVarName => {
                self.matched.len().checked_sub(1).map(|last| self.matched_name(last)).unwrap_or_default()
            }
            Variable::ReqbodyProcessor => self.body_processor.as_bytes().to_vec(),
            Variable::SessionId => self.identity(Variable::Session),
            Variable::UserId => self.identity(Variable::User),
            Variable::Time => format!("{:02}:{:02}:{:02}", time.hour, time.minute, time.second).into_bytes(),
            Variable::TimeDay => time.day.to_string().into_bytes(),
            Variable::TimeEpoch => self.now.to_string().into_bytes(),
            Variable::TimeHour => time.hour.to_string().into_bytes(),
            Variable::TimeMin => time.minute.to_string().into_bytes(),
            Variable::TimeMon => time.month.to_string().into_bytes(),
            Variable::TimeSec => time.second.to_string().into_bytes(),
            Variable::TimeWday => time.weekday.to_string().into_bytes(),
            Variable::TimeYear => time.year.to_string().into_bytes(),
            // Expressions that backtrack too far do not match; they are not counted.
            Variable::MscPcreLimitsExceeded => b"0".to_vec(),
            _ => Vec::new(),
        }
    }

    fn identity(&self, collection: Variable) -> Vec<u8> {
        self.opened.iter().find(|(kind, _)| *kind == collection).map(|(_, key)| key.to_vec()).unwrap_or_default()
    }

    fn rule_value(&self, key: &str) -> Vec<u8> {
        let Some(rule) = self.rules.rules.get(self.cursor.rule) else { return Vec::new() };
        let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
        let template = |template: &Option<Template>| {
            // Not expanded: a message that names itself would have no end.
            template.as_ref().and_then(|template| template.literal()).unwrap_or_default().to_owned()
        };
        match key {
            "id" => rule.id.to_string(),
            "rev" => text(&rule.rev),
            "ver" => text(&rule.ver),
            "severity" => rule.severity.map(|severity| severity.to_string()).unwrap_or_default(),
            "phase" => rule.phase.to_string(),
            "msg" => template(&rule.msg),
            "logdata" => template(&rule.logdata),
            _ => String::new(),
        }
        .into_bytes()
    }

    /// Returns the name of a value that matched, as rules spell it.
    pub(crate) fn matched_name(&self, index: usize) -> Vec<u8> {
        let Some(matched) = self.matched.get(index) else { return Vec::new() };
        let mut name = matched.variable.name().as_bytes().to_vec();
        let key = match matched.slot {
            Some(slot) => self.rules.names.name(slot).as_bytes(),
            None => self.values.bytes(matched.key),
        };
        if !key.is_empty() && !matched.variable.is_scalar() {
            // The values of MATCHED_VARS have complete names of their own.
            if matches!(matched.variable, Variable::MatchedVars | Variable::MatchedVarsNames) {
                return key.to_vec();
            }
            name.push(b':');
            name.extend_from_slice(key);
        }
        name
    }
}

/// Returns the number that a text begins with, as rules count.
pub(crate) fn integer(text: &[u8]) -> i64 {
    let text = text.trim_ascii_start();
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        _ => (false, text),
    };
    let number = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0_i64, |number, &byte| number.saturating_mul(10).saturating_add(i64::from(byte - b'0')));
    if is_negative { -number } else { number }
}

/// Long enough for every list of methods or types.
const MOST_EXPANDED: usize = 64 << 10;
