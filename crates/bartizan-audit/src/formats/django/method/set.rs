//! Methods of sets.

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, List, Span, Value};

/// What sets have.
pub(super) const NAMES: &[&str] = &[
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "union",
    "update",
];

pub(super) fn call(
    machine: &mut Machine<'_>,
    items: &List,
    object: &Value,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome<Option<Value>> {
    let known = items.borrow().clone();
    let none = || Ok(Some(Value::new(Kind::None, at)));
    if name == "copy" {
        return machine.set_of(known, at).map(Some);
    }
    let Some(first) = arguments.positional.first() else { return Ok(None) };
    match name {
        "add" => {
            if machine.position(&known, first)?.is_none() {
                items.borrow_mut().push(first.clone());
            }
            return none();
        }
        "discard" | "remove" => {
            match machine.position(&known, first)? {
                Some(index) => drop(items.borrow_mut().remove(index)),
                None if name == "remove" && !first.is_unknown() => {
                    return machine.raise("KeyError", Machine::shown(first), at);
                }
                None => {}
            }
            return none();
        }
        _ => {}
    }
    let Some(other) = machine.items(first, at)? else { return Ok(None) };
    let has = |machine: &mut Machine<'_>, items: &[Value], item: &Value| Ok(machine.position(items, item)?.is_some());
    match name {
        "isdisjoint" => {
            for item in &known {
                if has(machine, &other, item)? {
                    return Ok(Some(Value::new(Kind::Bool(false), at)));
                }
            }
            Ok(Some(Value::new(Kind::Bool(true), at)))
        }
        "symmetric_difference" => {
            let other = machine.set_of(other, at)?;
            machine.binary(ruff_python_ast::Operator::BitXor, object, &other, at).map(Some)
        }
        "difference_update" | "intersection_update" => {
            let mut kept = Vec::new();
            for item in known {
                if has(machine, &other, &item)? == (name == "intersection_update") {
                    kept.push(item);
                }
            }
            *items.borrow_mut() = kept;
            none()
        }
        "update" => {
            for item in other {
                if !has(machine, &items.borrow().clone(), &item)? {
                    items.borrow_mut().push(item);
                }
            }
            none()
        }
        "union" => machine.set_of(known.into_iter().chain(other).collect(), at).map(Some),
        "difference" | "intersection" => {
            let mut kept = Vec::new();
            for item in known {
                if has(machine, &other, &item)? == (name == "intersection") {
                    kept.push(item);
                }
            }
            Ok(Some(machine.set_of(kept, at)?.from(&object.variables)))
        }
        "issubset" | "issuperset" => {
            let (inner, outer) = if name == "issubset" { (known, other) } else { (other, known) };
            for item in &inner {
                if !has(machine, &outer, item)? {
                    return Ok(Some(Value::new(Kind::Bool(false), at)));
                }
            }
            Ok(Some(Value::new(Kind::Bool(true), at)))
        }
        _ => Ok(None),
    }
}
