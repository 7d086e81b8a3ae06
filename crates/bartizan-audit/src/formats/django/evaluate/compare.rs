//! Comparisons: equal, the same, less, contained; nothing where the answer cannot be known.

use std::rc::Rc;

use ruff_python_ast::CmpOp;

use super::super::library;
use super::super::value::{Kind, Span, Value};
use super::operator::{float, integer, is_plain};
use super::{Machine, Outcome};

impl Machine<'_> {
    /// Whether two values are equal; nothing, if that cannot be known.
    pub(in super::super) fn equal(&mut self, left: &Value, right: &Value) -> Outcome<Option<bool>> {
        self.deeper(|machine| {
            if let (Some(a), Some(b)) = (integer(left), integer(right)) {
                return Ok(Some(a == b));
            }
            if let (Some(a), Some(b)) = (float(left), float(right)) {
                return Ok(Some(a == b));
            }
            Ok(match (&left.kind, &right.kind) {
                (Kind::Unknown(a), Kind::Unknown(b)) if a == b => Some(true),
                (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => None,
                (Kind::None, Kind::None) => Some(true),
                (Kind::Text(a), Kind::Text(b)) | (Kind::Path(a), Kind::Path(b)) => {
                    machine.spend(a.len() / 64)?;
                    Some(a == b)
                }
                (Kind::Bytes(a), Kind::Bytes(b)) => Some(a == b),
                (Kind::Known(a), Kind::Known(b)) if a == b => Some(true),
                // A constant of a library, of which only the name is known.
                (Kind::Known(name), _) | (_, Kind::Known(name)) if !name.starts_with("builtins.") => None,
                (Kind::Known(a), Kind::Known(b)) => Some(a == b),
                (Kind::Ellipsis, Kind::Ellipsis) => Some(true),
                (Kind::Range(a, b, c), Kind::Range(d, e, f)) => Some((a, b, c) == (d, e, f)),
                (Kind::Class(a), Kind::Class(b)) => Some(Rc::ptr_eq(a, b)),
                (Kind::Function(a), Kind::Function(b)) => Some(Rc::ptr_eq(a, b)),
                (Kind::Module(a), Kind::Module(b)) => Some(Rc::ptr_eq(a, b)),
                (Kind::Reader(_), _) | (_, Kind::Reader(_)) => library::equal(machine, left, right)?,
                (Kind::Instance(_), _) => match machine.special(left, "__eq__", vec![right.clone()], left.origin)? {
                    Some(answer) => return machine.truth(&answer).map(Some),
                    None => match (&left.kind, &right.kind) {
                        (Kind::Instance(a), Kind::Instance(b)) => Some(Rc::ptr_eq(a, b)),
                        _ => None,
                    },
                },
                (Kind::Tuple(a), Kind::Tuple(b)) => machine.all_equal(a, b)?,
                (Kind::List(a), Kind::List(b)) => {
                    let (a, b) = (a.borrow().clone(), b.borrow().clone());
                    machine.all_equal(&a, &b)?
                }
                (Kind::Set(a), Kind::Set(b)) => {
                    let (a, b) = (a.borrow().clone(), b.borrow().clone());
                    if a.len() != b.len() {
                        return Ok(Some(false));
                    }
                    for item in &a {
                        if machine.position(&b, item)?.is_none() {
                            return Ok(Some(false));
                        }
                    }
                    Some(true)
                }
                (Kind::Dict(a), Kind::Dict(b)) if Rc::ptr_eq(a, b) => Some(true),
                (Kind::Dict(a), Kind::Dict(b)) => {
                    let (a, b) = (a.borrow().entries.clone(), b.borrow().entries.clone());
                    if a.len() != b.len() {
                        return Ok(Some(false));
                    }
                    for (key, value) in &a {
                        let keys: Vec<Value> = b.iter().map(|(key, _)| key.clone()).collect();
                        let Some(found) = machine.position(&keys, key)? else { return Ok(Some(false)) };
                        let Some((_, other)) = b.get(found) else { return Ok(Some(false)) };
                        match machine.equal(value, other)? {
                            Some(true) => {}
                            other => return Ok(other),
                        }
                    }
                    Some(true)
                }
                _ => Some(false),
            })
        })
    }

    fn all_equal(&mut self, left: &[Value], right: &[Value]) -> Outcome<Option<bool>> {
        if left.len() != right.len() {
            return Ok(Some(false));
        }
        for (a, b) in left.iter().zip(right) {
            match self.equal(a, b)? {
                Some(true) => {}
                other => return Ok(other),
            }
        }
        Ok(Some(true))
    }

    pub(super) fn identical(&mut self, left: &Value, right: &Value) -> Outcome<Option<bool>> {
        Ok(match (&left.kind, &right.kind) {
            (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => None,
            (Kind::None, Kind::None) => Some(true),
            (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
            (Kind::None | Kind::Bool(_), _) | (_, Kind::None | Kind::Bool(_)) => Some(false),
            (Kind::List(a), Kind::List(b)) => Some(Rc::ptr_eq(a, b)),
            (Kind::Dict(a), Kind::Dict(b)) => Some(Rc::ptr_eq(a, b)),
            // Python shares small numbers and most words of a file, so that equal ones are usually the same.
            _ => self.equal(left, right)?,
        })
    }

    /// Returns the first item that is equal; what cannot be known is taken to be different.
    pub(in super::super) fn position(&mut self, items: &[Value], wanted: &Value) -> Outcome<Option<usize>> {
        self.spend(items.len() / 8)?;
        for (index, item) in items.iter().enumerate() {
            if self.equal(item, wanted)? == Some(true) {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    pub(super) fn contains(&mut self, holder: &Value, wanted: &Value, at: Span) -> Outcome<Option<bool>> {
        Ok(match &holder.kind {
            Kind::Unknown(_) => None,
            Kind::Text(text) => match &wanted.kind {
                Kind::Text(part) => {
                    self.spend(text.len() / 16)?;
                    Some(text.contains(&**part))
                }
                Kind::Unknown(_) => None,
                _ => {
                    let message = format!("'in <string>' requires string as left operand, not {}", wanted.type_name());
                    return self.raise("TypeError", message, at);
                }
            },
            Kind::Environ => wanted.as_text().cloned().map(|name| self.variable(&name).is_some()),
            Kind::Names(names) => wanted.as_text().map(|name| names.borrow().contains_key(name)),
            Kind::Reader(reader) if reader.class.starts_with("environ.") => {
                wanted.as_text().cloned().map(|name| self.variable(&name).is_some())
            }
            Kind::Known(name) if &**name == "sys.modules" => {
                wanted.as_text().cloned().map(|name| self.modules.contains_key(&*name) || library::is_loaded(&name))
            }
            Kind::Reader(_) => library::contains(holder, wanted),
            Kind::Instance(_) => match self.special(holder, "__contains__", vec![wanted.clone()], at)? {
                Some(answer) => Some(self.truth(&answer)?),
                None => None,
            },
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Function(_) => {
                let message = format!("argument of type '{}' is not a container or iterable", holder.type_name());
                return self.raise("TypeError", message, at);
            }
            _ => match self.items(holder, at)? {
                None => None,
                Some(items) => match self.position(&items, wanted)? {
                    Some(_) => Some(true),
                    None if wanted.is_unknown() || items.iter().any(Value::is_unknown) => None,
                    None => Some(false),
                },
            },
        })
    }

    pub(super) fn order(&mut self, op: CmpOp, left: &Value, right: &Value, at: Span) -> Outcome<Option<bool>> {
        if let (Kind::Set(a), Kind::Set(b)) = (&left.kind, &right.kind) {
            let (a, b) = (a.borrow().clone(), b.borrow().clone());
            return self.is_subset(op, &a, &b).map(Some);
        }
        let Some(ordering) = self.ordering(left, right, at)? else { return Ok(None) };
        Ok(Some(match op {
            CmpOp::Lt => ordering.is_lt(),
            CmpOp::LtE => ordering.is_le(),
            CmpOp::Gt => ordering.is_gt(),
            _ => ordering.is_ge(),
        }))
    }

    /// Compares sets: `<=` asks whether all of one are in the other.
    fn is_subset(&mut self, op: CmpOp, left: &[Value], right: &[Value]) -> Outcome<bool> {
        let (inner, outer) = if matches!(op, CmpOp::Lt | CmpOp::LtE) { (left, right) } else { (right, left) };
        for item in inner {
            if self.position(outer, item)?.is_none() {
                return Ok(false);
            }
        }
        Ok(matches!(op, CmpOp::LtE | CmpOp::GtE) || inner.len() < outer.len())
    }

    pub(in super::super) fn ordering(
        &mut self,
        left: &Value,
        right: &Value,
        at: Span,
    ) -> Outcome<Option<std::cmp::Ordering>> {
        if let (Some(a), Some(b)) = (integer(left), integer(right)) {
            return Ok(Some(a.cmp(&b)));
        }
        if let (Some(a), Some(b)) = (float(left), float(right)) {
            return Ok(a.partial_cmp(&b));
        }
        match (&left.kind, &right.kind) {
            (Kind::Text(a), Kind::Text(b)) => Ok(Some(a.cmp(b))),
            (Kind::Path(a), Kind::Path(b)) => Ok(Some(a.split('/').cmp(b.split('/')))),
            (Kind::Reader(_), _) | (_, Kind::Reader(_)) => Ok(library::ordering(left, right)),
            (Kind::Tuple(_), Kind::Tuple(_)) | (Kind::List(_), Kind::List(_)) => {
                let (Some(a), Some(b)) = (self.items(left, at)?, self.items(right, at)?) else { return Ok(None) };
                for (a, b) in a.iter().zip(&b) {
                    if self.equal(a, b)? != Some(true) {
                        return self.deeper(|machine| machine.ordering(a, b, at));
                    }
                }
                Ok(Some(a.len().cmp(&b.len())))
            }
            _ if is_plain(left) && is_plain(right) => {
                let message = format!(
                    "'<' not supported between instances of '{}' and '{}'",
                    left.type_name(),
                    right.type_name()
                );
                self.raise("TypeError", message, at)
            }
            _ => Ok(None),
        }
    }
}
