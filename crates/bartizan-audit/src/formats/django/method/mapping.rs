//! Methods of mappings: dictionaries, the names of a module, the environment.

use super::super::evaluate::{Arguments, Machine, Outcome, Stop};
use super::super::value::{Kind, Span, Value};

/// What mappings have.
pub(super) const NAMES: &[&str] = &[
    "__delitem__",
    "__getitem__",
    "__setitem__",
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
];

pub(super) fn call(
    machine: &mut Machine<'_>,
    object: &Value,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome<Option<Value>> {
    let none = || Ok(Some(Value::new(Kind::None, at)));
    let second = arguments.positional.get(1).cloned().or_else(|| arguments.named("default").cloned());
    match (name, arguments.positional.first().cloned().or_else(|| arguments.named("key").cloned())) {
        ("get", Some(key)) if matches!(object.kind, Kind::Environ) => {
            let Some(variable) = key.as_text().cloned() else { return Ok(None) };
            let found = machine.variable(&variable).map(|value| value.at(at));
            let default = second.unwrap_or_else(|| Value::new(Kind::None, at));
            // The default came of the variable's absence.
            let sources = super::super::value::Sources::one(&variable);
            Ok(Some(found.unwrap_or_else(|| default.from(&sources))))
        }
        ("__getitem__", Some(key)) => machine.item(object, &key, at).map(Some),
        ("__setitem__", Some(key)) => {
            let Some(value) = arguments.positional.get(1) else { return Ok(None) };
            machine.set_item(object, key, value.clone(), at)?;
            none()
        }
        ("__delitem__", Some(key)) => {
            machine.delete_item(object, &key, at)?;
            none()
        }
        ("get" | "pop" | "setdefault", Some(key)) => {
            let found = match machine.item(object, &key, at) {
                Ok(found) => Some(found),
                Err(Stop::Raised(_)) => None,
                Err(Stop::Spent) => return Err(Stop::Spent),
            };
            match (name, found) {
                ("get", None) => Ok(Some(second.unwrap_or_else(|| Value::new(Kind::None, at)))),
                ("pop", Some(found)) => {
                    machine.delete_item(object, &key, at)?;
                    Ok(Some(found))
                }
                ("pop", None) => match second {
                    Some(default) => Ok(Some(default)),
                    None => machine.raise("KeyError", Machine::shown(&key), at),
                },
                ("setdefault", None) => {
                    let default = second.unwrap_or_else(|| Value::new(Kind::None, at));
                    machine.set_item(object, key, default.clone(), at)?;
                    Ok(Some(default))
                }
                (_, found) => Ok(found),
            }
        }
        ("update", first) => {
            if let Some(first) = first {
                let Some(entries) = machine.entries(&first)? else {
                    machine.has_strange_names |= matches!(object.kind, Kind::Names(_));
                    return none();
                };
                for (key, value) in entries {
                    let by = if value.origin == Span::default() { at } else { value.origin };
                    machine.set_item(object, key, value, by)?;
                }
            }
            for (key, value) in &arguments.named {
                machine.set_item(object, Value::text(key, at), value.clone(), at)?;
            }
            none()
        }
        ("keys" | "values" | "items", None) => {
            let Some(entries) = machine.entries(object)? else { return Ok(None) };
            machine.spend(entries.len())?;
            let items = entries.into_iter().map(|(key, value)| match name {
                "keys" => key,
                "values" => value,
                _ => Value::tuple(vec![key, value], at),
            });
            let items: Vec<Value> = items.collect();
            if name == "values" {
                return Ok(Some(Value::list(items, at)));
            }
            // Keys and entries are sets in all but name: `&`, `|` and `<=` take them for such.
            Ok(Some(Value::new(Kind::Set(std::rc::Rc::new(std::cell::RefCell::new(items))), at)))
        }
        ("fromkeys", Some(keys)) => {
            let Some(keys) = machine.items(&keys, at)? else { return Ok(None) };
            let value = second.unwrap_or_else(|| Value::new(Kind::None, at));
            machine.dict_of(keys.into_iter().map(|key| (key, value.clone())).collect(), at).map(Some)
        }
        ("copy", None) if matches!(object.kind, Kind::Environ) => Ok(Some(object.clone())),
        ("copy", None) => {
            let Some(entries) = machine.entries(object)? else { return Ok(None) };
            Ok(Some(Value::dict(entries, at)))
        }
        ("clear", None) => {
            if let Kind::Dict(dict) = &object.kind {
                dict.borrow_mut().entries.clear();
            }
            none()
        }
        ("popitem", None) => {
            let Kind::Dict(dict) = &object.kind else { return Ok(None) };
            let last = dict.borrow_mut().entries.pop();
            Ok(last.map(|(key, value)| Value::tuple(vec![key, value], at)))
        }
        _ => Ok(None),
    }
}
