//! Literals and displays: numbers, sets, dictionaries.

use ruff_python_ast::{ExprDict, Number};

use super::super::value::{Kind, Span, Value};
use super::{Machine, Outcome, Scope};

impl Machine<'_> {
    pub(super) fn number(number: &Number, at: Span) -> Value {
        match number {
            Number::Int(int) => match int.to_string().parse::<i128>() {
                Ok(number) => Value::new(Kind::Int(number), at),
                // Any such number is large, and nothing here tells one from another.
                Err(_) => Value::new(Kind::Int(i128::MAX), at),
            },
            Number::Float(number) => Value::new(Kind::Float(*number), at),
            Number::Complex { .. } => Value::unknown("a complex number", at),
        }
    }

    pub(super) fn dict_display(&mut self, dict: &ExprDict, scope: &mut Scope, at: Span) -> Outcome {
        let mut entries = Vec::new();
        for item in &dict.items {
            let value = self.expression(&item.value, scope)?;
            match &item.key {
                Some(key) => entries.push((self.expression(key, scope)?, value)),
                None => match self.entries(&value)? {
                    Some(more) => entries.extend(more),
                    None => {
                        let label = format!("dict with {}", value.label());
                        return Ok(Value::unknown(label, at).from(&value.variables));
                    }
                },
            }
        }
        self.dict_of(entries, at)
    }

    /// Returns a dictionary; a later entry takes the place of an earlier one.
    pub(in super::super) fn dict_of(&mut self, entries: Vec<(Value, Value)>, at: Span) -> Outcome {
        let dict = Value::dict(Vec::new(), at);
        for (key, value) in entries {
            self.set_item(&dict, key, value, at)?;
        }
        Ok(dict)
    }

    /// Returns a set; what is equal is in it once.
    pub(in super::super) fn set_of(&mut self, items: Vec<Value>, at: Span) -> Outcome {
        let mut distinct: Vec<Value> = Vec::new();
        for item in items {
            if self.position(&distinct, &item)?.is_none() {
                distinct.push(item);
            }
        }
        Ok(Value::new(Kind::Set(std::rc::Rc::new(std::cell::RefCell::new(distinct))), at))
    }
}
