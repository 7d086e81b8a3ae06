//! Operators and comparisons; nothing where the answer cannot be known.

use std::rc::Rc;

use ruff_python_ast::{CmpOp, Operator, UnaryOp};

use super::super::value::{Kind, Span, Value};
use super::{Machine, Outcome};

impl Machine<'_> {
    pub(super) fn unary(&mut self, op: UnaryOp, value: &Value, at: Span) -> Outcome {
        let kind = match (&value.kind, op) {
            (Kind::Int(number), UnaryOp::USub) => number.checked_neg().map(Kind::Int),
            (Kind::Float(number), UnaryOp::USub) => Some(Kind::Float(-number)),
            (Kind::Bool(yes), UnaryOp::USub) => Some(Kind::Int(-i128::from(*yes))),
            (Kind::Bool(yes), UnaryOp::UAdd) => Some(Kind::Int(i128::from(*yes))),
            (Kind::Int(_) | Kind::Float(_), UnaryOp::UAdd) => Some(value.kind.clone()),
            (Kind::Int(number), UnaryOp::Invert) => Some(Kind::Int(!number)),
            (Kind::None | Kind::Text(_) | Kind::List(_) | Kind::Tuple(_) | Kind::Dict(_), _) => {
                let message = format!("bad operand type for unary {op}: '{}'", value.type_name());
                return self.raise("TypeError", message, at);
            }
            _ => None,
        };
        Ok(self.or_unknown(kind, || format!("{op} {}", value.label()), &[value], at))
    }

    pub(in super::super) fn binary(&mut self, op: Operator, left: &Value, right: &Value, at: Span) -> Outcome {
        self.spend(1)?;
        if left.is_unknown() || right.is_unknown() {
            return Ok(self.or_unknown(
                None,
                || format!("({} {op} {})", left.label(), right.label()),
                &[left, right],
                at,
            ));
        }
        let kind = match (op, &left.kind, &right.kind) {
            (Operator::Add, Kind::Text(a), Kind::Text(b)) => Some(Kind::Text(self.joined(a, b)?)),
            (Operator::Add, Kind::Bytes(a), Kind::Bytes(b)) => {
                self.spend(a.len() + b.len())?;
                Some(Kind::Bytes([&**a, &**b].concat().into()))
            }
            (Operator::Add, Kind::List(a), Kind::List(b)) => {
                let items: Vec<Value> = a.borrow().iter().chain(b.borrow().iter()).cloned().collect();
                self.spend(items.len())?;
                return Ok(Value::list(items, at).from(&left.variables.with(&right.variables)));
            }
            (Operator::Add, Kind::Tuple(a), Kind::Tuple(b)) => {
                self.spend(a.len() + b.len())?;
                Some(Kind::Tuple(a.iter().chain(b.iter()).cloned().collect()))
            }
            (Operator::Mult, _, Kind::Int(_) | Kind::Bool(_)) if is_sequence(left) => self.repeated(left, right, at)?,
            (Operator::Mult, Kind::Int(_) | Kind::Bool(_), _) if is_sequence(right) => {
                self.repeated(right, left, at)?
            }
            (Operator::Mod, Kind::Text(format), _) => {
                return Ok(self.percent(format, right, at)?.from(&left.variables.with(&right.variables)));
            }
            (Operator::Div, Kind::Path(a), Kind::Path(b) | Kind::Text(b)) => Some(Kind::Path(join_path(a, b))),
            (Operator::Div, Kind::Text(a), Kind::Path(b)) => Some(Kind::Path(join_path(a, b))),
            (Operator::BitOr, Kind::Dict(_), Kind::Dict(_)) => {
                let mut entries = self.entries(left)?.unwrap_or_default();
                entries.extend(self.entries(right)?.unwrap_or_default());
                return self.dict_of(entries, at);
            }
            (Operator::BitOr, Kind::Set(a), Kind::Set(b)) => {
                let items = a.borrow().iter().chain(b.borrow().iter()).cloned().collect();
                return self.set_of(items, at);
            }
            (Operator::Sub | Operator::BitAnd, Kind::Set(a), Kind::Set(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                let mut kept = Vec::new();
                for item in a {
                    if self.position(&b, &item)?.is_some() == (op == Operator::BitAnd) {
                        kept.push(item);
                    }
                }
                return self.set_of(kept, at);
            }
            _ => match (integer(left), integer(right)) {
                (Some(a), Some(b)) => self.integers(op, a, b, at)?,
                _ => match (float(left), float(right)) {
                    (Some(a), Some(b)) => self.floats(op, a, b, at)?,
                    _ if is_plain(left) && is_plain(right) => {
                        let message = format!(
                            "unsupported operand type(s) for {op}: '{}' and '{}'",
                            left.type_name(),
                            right.type_name()
                        );
                        return self.raise("TypeError", message, at);
                    }
                    _ => None,
                },
            },
        };
        Ok(self.or_unknown(kind, || format!("({} {op} {})", left.label(), right.label()), &[left, right], at))
    }

    fn integers(&mut self, op: Operator, a: i128, b: i128, at: Span) -> Outcome<Option<Kind>> {
        let is_zero = b == 0 && matches!(op, Operator::Div | Operator::FloorDiv | Operator::Mod);
        if is_zero {
            return self.raise("ZeroDivisionError", "division by zero", at);
        }
        Ok(match op {
            Operator::Add => a.checked_add(b).map(Kind::Int),
            Operator::Sub => a.checked_sub(b).map(Kind::Int),
            Operator::Mult => a.checked_mul(b).map(Kind::Int),
            Operator::Div => Some(Kind::Float(a as f64 / b as f64)),
            Operator::FloorDiv => a.checked_div_euclid(b).map(|quotient| {
                // Python rounds towards minus infinity; the two differ below zero for a negative divisor.
                let down = if b < 0 && a.rem_euclid(b) != 0 { quotient - 1 } else { quotient };
                Kind::Int(down)
            }),
            Operator::Mod => {
                let rest = a.checked_rem(b).unwrap_or(0);
                Some(Kind::Int(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }))
            }
            Operator::Pow => match u32::try_from(b) {
                Ok(power) => a.checked_pow(power).map(Kind::Int),
                Err(_) => Some(Kind::Float((a as f64).powf(b as f64))),
            },
            Operator::LShift => u32::try_from(b).ok().filter(|by| *by < 100).and_then(|by| {
                let shifted = a.checked_shl(by)?;
                (shifted >> by == a).then_some(Kind::Int(shifted))
            }),
            Operator::RShift => Some(Kind::Int(a >> b.clamp(0, 127))),
            Operator::BitOr => Some(Kind::Int(a | b)),
            Operator::BitXor => Some(Kind::Int(a ^ b)),
            Operator::BitAnd => Some(Kind::Int(a & b)),
            Operator::MatMult => None,
        })
    }

    fn floats(&mut self, op: Operator, a: f64, b: f64, at: Span) -> Outcome<Option<Kind>> {
        if b == 0.0 && matches!(op, Operator::Div | Operator::FloorDiv | Operator::Mod) {
            return self.raise("ZeroDivisionError", "division by zero", at);
        }
        Ok(match op {
            Operator::Add => Some(a + b),
            Operator::Sub => Some(a - b),
            Operator::Mult => Some(a * b),
            Operator::Div => Some(a / b),
            Operator::FloorDiv => Some((a / b).floor()),
            Operator::Mod => Some(a - b * (a / b).floor()),
            Operator::Pow => Some(a.powf(b)),
            _ => None,
        }
        .map(Kind::Float))
    }

    fn repeated(&mut self, sequence: &Value, times: &Value, at: Span) -> Outcome<Option<Kind>> {
        let times = usize::try_from(times.as_int().unwrap_or(0).max(0)).unwrap_or(usize::MAX);
        let length = match &sequence.kind {
            Kind::Text(text) => text.len(),
            Kind::Bytes(bytes) => bytes.len(),
            Kind::List(items) => items.borrow().len(),
            Kind::Tuple(items) => items.len(),
            _ => 0,
        };
        self.spend(length.saturating_mul(times))?;
        Ok(Some(match &sequence.kind {
            Kind::Text(text) => Kind::Text(text.repeat(times).into()),
            Kind::Bytes(bytes) => Kind::Bytes(bytes.repeat(times).into()),
            Kind::List(items) => Value::list(repeat(&items.borrow(), times), at).kind,
            Kind::Tuple(items) => Kind::Tuple(repeat(items, times).into()),
            _ => return Ok(None),
        }))
    }

    fn joined(&mut self, a: &str, b: &str) -> Outcome<Rc<str>> {
        self.spend(1 + (a.len() + b.len()) / 64)?;
        Ok(Rc::from([a, b].concat()))
    }

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
                (Kind::Known(a), Kind::Known(b)) => Some(a == b),
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
            Kind::Environ => match wanted.as_text().cloned() {
                Some(name) => Some(self.variable(&name).is_some()),
                None => None,
            },
            Kind::Names(names) => wanted.as_text().map(|name| names.borrow().contains_key(name)),
            Kind::Reader(reader) if reader.class.starts_with("environ.") => match wanted.as_text().cloned() {
                Some(name) => Some(self.variable(&name).is_some()),
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
        let Some(ordering) = self.ordering(left, right, at)? else { return Ok(None) };
        Ok(Some(match op {
            CmpOp::Lt => ordering.is_lt(),
            CmpOp::LtE => ordering.is_le(),
            CmpOp::Gt => ordering.is_gt(),
            _ => ordering.is_ge(),
        }))
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

    /// Returns a value of this kind, or one that cannot be known; either came from what the parts came from.
    pub(in super::super) fn or_unknown(
        &self,
        kind: Option<Kind>,
        label: impl FnOnce() -> String,
        parts: &[&Value],
        at: Span,
    ) -> Value {
        let value = kind.map_or_else(|| Value::unknown(label(), at), |kind| Value::new(kind, at));
        parts.iter().fold(value, |value, part| value.from(&part.variables))
    }
}

/// Returns one path below another, as `pathlib` joins them.
pub(in super::super) fn join_path(base: &str, part: &str) -> Rc<str> {
    if part.starts_with('/') || base.is_empty() {
        return Rc::from(part);
    }
    match part {
        "" | "." => Rc::from(base),
        _ => Rc::from(format!("{}/{}", base.trim_end_matches('/'), part.trim_end_matches('/'))),
    }
}

fn repeat(items: &[Value], times: usize) -> Vec<Value> {
    std::iter::repeat_n(items, times).flatten().cloned().collect()
}

const fn integer(value: &Value) -> Option<i128> {
    match value.kind {
        Kind::Int(number) => Some(number),
        Kind::Bool(yes) => Some(yes as i128),
        _ => None,
    }
}

const fn float(value: &Value) -> Option<f64> {
    match value.kind {
        Kind::Int(number) => Some(number as f64),
        Kind::Float(number) => Some(number),
        Kind::Bool(yes) => Some(yes as u8 as f64),
        _ => None,
    }
}

const fn is_sequence(value: &Value) -> bool {
    matches!(value.kind, Kind::Text(_) | Kind::Bytes(_) | Kind::List(_) | Kind::Tuple(_))
}

/// Whether nothing of the value is hidden, so that an operation that it does not have is an error.
const fn is_plain(value: &Value) -> bool {
    matches!(
        value.kind,
        Kind::None
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Bytes(_)
            | Kind::List(_)
            | Kind::Tuple(_)
            | Kind::Set(_)
            | Kind::Dict(_)
    )
}
