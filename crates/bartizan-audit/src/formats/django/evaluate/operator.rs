//! Operators; nothing where the answer cannot be known.

use std::rc::Rc;

use ruff_python_ast::{Operator, UnaryOp};

use super::super::library;
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
            (Kind::Reader(_), UnaryOp::USub) => {
                let minus = Value::new(Kind::Int(-1), at);
                return self.binary(Operator::Mult, value, &minus, at);
            }
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
            (Operator::BitXor, Kind::Set(_), Kind::Set(_)) => {
                let left_alone = self.binary(Operator::Sub, left, right, at)?;
                let right_alone = self.binary(Operator::Sub, right, left, at)?;
                return self.binary(Operator::BitOr, &left_alone, &right_alone, at);
            }
            (Operator::BitOr, Kind::Environ, Kind::Dict(_)) | (Operator::BitOr, Kind::Dict(_), Kind::Environ) => {
                match (self.entries(left)?, self.entries(right)?) {
                    (Some(entries), Some(more)) => {
                        return self.dict_of(entries.into_iter().chain(more).collect(), at);
                    }
                    _ => None,
                }
            }
            (_, Kind::Reader(_), _) | (_, _, Kind::Reader(_)) => library::binary(self, op, left, right, at)?,
            (_, Kind::Instance(_), _) => {
                let method = match op {
                    Operator::Add => "__add__",
                    Operator::Sub => "__sub__",
                    Operator::Mult => "__mul__",
                    Operator::BitOr => "__or__",
                    Operator::BitAnd => "__and__",
                    Operator::Div => "__truediv__",
                    Operator::Mod => "__mod__",
                    _ => "",
                };
                if let Some(result) = self.special(left, method, vec![right.clone()], at)? {
                    return Ok(result);
                }
                None
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

pub(super) const fn integer(value: &Value) -> Option<i128> {
    match value.kind {
        Kind::Int(number) => Some(number),
        Kind::Bool(yes) => Some(yes as i128),
        _ => None,
    }
}

pub(super) const fn float(value: &Value) -> Option<f64> {
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
pub(super) const fn is_plain(value: &Value) -> bool {
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
