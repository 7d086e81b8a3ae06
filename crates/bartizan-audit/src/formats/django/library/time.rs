//! `datetime.timedelta`, in which settings count seconds.

use ruff_python_ast::Operator;

use super::super::evaluate::Arguments;
use super::super::value::{Kind, Reader, Span, Value};

/// Returns a duration from the arguments of `timedelta`.
pub(super) fn timedelta(arguments: &Arguments, at: Span) -> Option<Value> {
    let mut total = 0;
    for (index, (name, micros)) in UNITS.iter().enumerate() {
        total += match arguments.get(index, name).map(|value| &value.kind) {
            None => 0,
            Some(Kind::Int(number)) => number.checked_mul(*micros)?,
            Some(Kind::Bool(yes)) => i128::from(*yes) * micros,
            Some(Kind::Float(number)) => (number * *micros as f64).round_ties_even() as i128,
            Some(_) => return None,
        };
    }
    Some(of_micros(total, at))
}

/// Returns the microseconds of a duration.
pub(super) fn micros(reader: &Reader) -> Option<i128> {
    if &*reader.class != "datetime.timedelta" {
        return None;
    }
    let values = reader.values.borrow();
    let part = |name: &str| values.get(name).and_then(Value::as_int).map(i128::from);
    Some((part("days")? * DAY + part("seconds")?) * SECOND + part("microseconds")?)
}

/// Returns the seconds of a duration, as `total_seconds` does.
pub(super) fn seconds(reader: &Reader) -> Option<f64> {
    Some(micros(reader)? as f64 / SECOND as f64)
}

/// Returns a duration's text: `1 day, 2:03:04`.
pub(super) fn shown(reader: &Reader) -> Option<String> {
    let micros = micros(reader)?;
    let (seconds, rest) = (micros.div_euclid(SECOND), micros.rem_euclid(SECOND));
    let (days, seconds) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let mut text = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    text.push_str(&format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60));
    if rest != 0 {
        text.push_str(&format!(".{rest:06}"));
    }
    Some(text)
}

/// Combines durations with one another and with numbers.
pub(super) fn binary(op: Operator, left: &Value, right: &Value, at: Span) -> Option<Value> {
    let duration = |value: &Value| match &value.kind {
        Kind::Reader(reader) => micros(reader),
        _ => None,
    };
    let number = |value: &Value| match value.kind {
        Kind::Int(number) => Some(number as f64),
        Kind::Float(number) => Some(number),
        _ => None,
    };
    let scaled = |micros: i128, by: f64| of_micros((micros as f64 * by).round_ties_even() as i128, at);
    match (op, duration(left), duration(right)) {
        (Operator::Add, Some(a), Some(b)) => Some(of_micros(a.checked_add(b)?, at)),
        (Operator::Sub, Some(a), Some(b)) => Some(of_micros(a.checked_sub(b)?, at)),
        (Operator::Div, Some(a), Some(b)) if b != 0 => Some(Value::new(Kind::Float(a as f64 / b as f64), at)),
        (Operator::FloorDiv, Some(a), Some(b)) if b > 0 => Some(Value::new(Kind::Int(a.div_euclid(b)), at)),
        (Operator::Mod, Some(a), Some(b)) if b > 0 => Some(of_micros(a.rem_euclid(b), at)),
        (Operator::Mult, Some(a), None) => Some(scaled(a, number(right)?)),
        (Operator::Mult, None, Some(b)) => Some(scaled(b, number(left)?)),
        (Operator::Div | Operator::FloorDiv, Some(a), None) => {
            let by = number(right).filter(|by| *by != 0.0)?;
            Some(scaled(a, 1.0 / by))
        }
        _ => None,
    }
}

/// Returns a duration as Python keeps it: days, seconds of the day, microseconds.
pub(super) fn of_micros(micros: i128, at: Span) -> Value {
    let int = |number: i128| Value::new(Kind::Int(number), at);
    let seconds = micros.div_euclid(SECOND);
    let values = [
        ("days", int(seconds.div_euclid(DAY))),
        ("seconds", int(seconds.rem_euclid(DAY))),
        ("microseconds", int(micros.rem_euclid(SECOND))),
    ];
    super::reader("datetime.timedelta", values, at)
}

/// Microseconds.
const SECOND: i128 = 1_000_000;
/// Seconds.
const DAY: i128 = 86_400;
/// The arguments of `timedelta` in their order, in microseconds.
const UNITS: &[(&str, i128)] = &[
    ("days", DAY * SECOND),
    ("seconds", SECOND),
    ("microseconds", 1),
    ("milliseconds", 1_000),
    ("minutes", 60 * SECOND),
    ("hours", 3_600 * SECOND),
    ("weeks", 7 * DAY * SECOND),
];
