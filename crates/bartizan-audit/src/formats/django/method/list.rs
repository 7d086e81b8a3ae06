//! Methods of lists and tuples.

use super::super::evaluate::{Arguments, Machine, Outcome, resolve};
use super::super::library;
use super::super::value::{Kind, List, Span, Value};

/// What lists have.
pub(super) const NAMES: &[&str] =
    &["append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"];

pub(super) fn call(
    machine: &mut Machine<'_>,
    items: &List,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome<Option<Value>> {
    let none = || Ok(Some(Value::new(Kind::None, at)));
    let first = arguments.positional.first().cloned();
    match (name, first) {
        ("append", Some(item)) => {
            machine.spend(1)?;
            items.borrow_mut().push(item);
            none()
        }
        ("extend", Some(more)) => {
            let more = match machine.items(&more, at)? {
                Some(more) => more,
                None => vec![Value::unknown(format!("items of {}", more.label()), at).from(&more.variables)],
            };
            items.borrow_mut().extend(more);
            none()
        }
        ("insert", Some(index)) => {
            let Some(item) = arguments.positional.get(1).cloned() else { return Ok(None) };
            let length = items.borrow().len();
            machine.spend(length / 8)?;
            let index = index.as_int().unwrap_or(0);
            let index = if index < 0 { index + length as i64 } else { index };
            let index = usize::try_from(index.max(0)).unwrap_or(usize::MAX).min(length);
            items.borrow_mut().insert(index, item);
            none()
        }
        ("remove", Some(item)) => {
            let known = items.borrow().clone();
            match machine.position(&known, &item)? {
                Some(index) => drop(items.borrow_mut().remove(index)),
                None if item.is_unknown() || known.iter().any(Value::is_unknown) => {}
                None => return machine.raise("ValueError", "list.remove(x): x not in list", at),
            }
            none()
        }
        ("pop", index) => {
            let length = items.borrow().len();
            let index = index.as_ref().map_or(Some(-1), Value::as_int);
            let Some(index) = index else { return Ok(None) };
            match resolve(length, index) {
                Some(index) => Ok(Some(items.borrow_mut().remove(index))),
                None => machine.raise("IndexError", "pop index out of range", at),
            }
        }
        ("clear", None) => {
            items.borrow_mut().clear();
            none()
        }
        ("copy", None) => Ok(Some(Value::list(items.borrow().clone(), at))),
        ("reverse", None) => {
            items.borrow_mut().reverse();
            none()
        }
        ("sort", None) => {
            let mut sorted = items.borrow().clone();
            library::sort(machine, &mut sorted, arguments, at)?;
            *items.borrow_mut() = sorted;
            none()
        }
        _ => {
            let known = items.borrow().clone();
            count(machine, &known, name, arguments, at)
        }
    }
}

/// `count` and `index`, which tuples have, too.
pub(super) fn count(
    machine: &mut Machine<'_>,
    items: &[Value],
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome<Option<Value>> {
    let Some(wanted) = arguments.positional.first() else { return Ok(None) };
    match name {
        "index" => match machine.position(items, wanted)? {
            Some(index) => Ok(Some(Value::new(Kind::Int(index as i128), at))),
            None if wanted.is_unknown() || items.iter().any(Value::is_unknown) => Ok(None),
            None => machine.raise("ValueError", format!("{} is not in list", Machine::shown(wanted)), at),
        },
        "count" => {
            let mut count = 0;
            for item in items {
                count += i128::from(machine.equal(item, wanted)? == Some(true));
            }
            Ok(Some(Value::new(Kind::Int(count), at)))
        }
        _ => Ok(None),
    }
}
