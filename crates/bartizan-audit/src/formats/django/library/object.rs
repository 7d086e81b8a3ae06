//! Objects of known classes: how they compare, combine, and what is in them; nothing where that cannot be known.

use std::cmp::Ordering;
use std::rc::Rc;

use ruff_python_ast::Operator;

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Reader, Span, Value};
use super::{ini, time};

/// Whether an object counts as true.
pub(in super::super) fn truth(reader: &Reader) -> bool {
    let value = |name: &str| reader.values.borrow().get(name).cloned();
    match &*reader.class {
        "datetime.timedelta" => time::micros(reader) != Some(0),
        "enum member" => match value("mixed").map(|mixed| mixed.kind) {
            Some(Kind::Int(number)) => number != 0,
            Some(Kind::Text(text)) => !text.is_empty(),
            _ => true,
        },
        _ => true,
    }
}

/// Whether two values, one of them an object, are equal.
pub(in super::super) fn equal(machine: &mut Machine<'_>, left: &Value, right: &Value) -> Outcome<Option<bool>> {
    let (left, right) = (plain(left), plain(right));
    let (Kind::Reader(a), Kind::Reader(b)) = (&left.kind, &right.kind) else {
        let is_object = |value: &Value| matches!(value.kind, Kind::Reader(_));
        if is_object(&left) || is_object(&right) {
            return Ok(if left.is_unknown() || right.is_unknown() { None } else { Some(false) });
        }
        return machine.equal(&left, &right);
    };
    if Rc::ptr_eq(a, b) {
        return Ok(Some(true));
    }
    if a.class != b.class {
        return Ok(Some(false));
    }
    let text =
        |reader: &Reader, name: &str| reader.values.borrow().get(name).and_then(|value| value.as_text().cloned());
    Ok(match &*a.class {
        "datetime.timedelta" => Some(time::micros(a) == time::micros(b)),
        "uuid.UUID" => Some(text(a, "hex") == text(b, "hex")),
        "enum member" => Some((text(a, "of"), text(a, "name")) == (text(b, "of"), text(b, "name"))),
        _ => None,
    })
}

/// Which of two values, one of them an object, is less.
pub(in super::super) fn ordering(left: &Value, right: &Value) -> Option<Ordering> {
    match (&plain(left).kind, &plain(right).kind) {
        (Kind::Int(a), Kind::Int(b)) => Some(a.cmp(b)),
        (Kind::Text(a), Kind::Text(b)) => Some(a.cmp(b)),
        (Kind::Reader(a), Kind::Reader(b)) => Some(time::micros(a)?.cmp(&time::micros(b)?)),
        _ => None,
    }
}

/// Combines two values, one of them an object.
pub(in super::super) fn binary(
    machine: &mut Machine<'_>,
    op: Operator,
    left: &Value,
    right: &Value,
    at: Span,
) -> Outcome<Option<Kind>> {
    let (a, b) = (plain(left), plain(right));
    if !matches!(a.kind, Kind::Reader(_)) && !matches!(b.kind, Kind::Reader(_)) {
        return machine.binary(op, &a, &b, at).map(|value| Some(value.kind));
    }
    Ok(time::binary(op, &a, &b, at).map(|value| value.kind))
}

/// Returns the plain value of a member of an enumeration that is a text or a number, too.
fn plain(value: &Value) -> Value {
    match &value.kind {
        Kind::Reader(reader) if &*reader.class == "enum member" => {
            reader.values.borrow().get("mixed").cloned().unwrap_or_else(|| value.clone())
        }
        _ => value.clone(),
    }
}

/// Whether something is in an object.
pub(in super::super) fn contains(holder: &Value, wanted: &Value) -> Option<bool> {
    let (Kind::Reader(reader), Some(wanted)) = (&holder.kind, wanted.as_text()) else { return None };
    match &*reader.class {
        "configparser.ConfigParser" => Some(ini::names(reader)?.contains(&wanted.to_string())),
        "configparser.Section" => {
            Some(ini::entries(reader)?.iter().any(|(name, _)| name.as_text() == Some(&Rc::from(wanted.to_lowercase()))))
        }
        "enum member" => {
            reader.values.borrow().get("mixed").and_then(Value::as_text).map(|text| text.contains(&**wanted))
        }
        _ => None,
    }
}

/// Returns what an object holds, one by one.
pub(in super::super) fn items(reader: &Reader, at: Span) -> Option<Vec<Value>> {
    match &*reader.class {
        "configparser.Section" => Some(ini::entries(reader)?.into_iter().map(|(name, _)| name).collect()),
        "configparser.ConfigParser" => {
            let names = ini::names(reader)?;
            let all = std::iter::once("DEFAULT".to_owned()).chain(names);
            Some(all.map(|name| Value::text(&name, at)).collect())
        }
        _ => None,
    }
}

/// Returns the names and values that an object holds.
pub(in super::super) fn entries(reader: &Reader) -> Option<Vec<(Value, Value)>> {
    match &*reader.class {
        "configparser.Section" => ini::entries(reader),
        _ => None,
    }
}

/// Returns an element of an object.
pub(in super::super) fn item(
    machine: &mut Machine<'_>,
    reader: &Rc<Reader>,
    key: &Value,
    at: Span,
) -> Outcome<Option<Value>> {
    match &*reader.class {
        "configparser.ConfigParser" | "configparser.Section" => ini::item(machine, reader, key, at),
        "re.Match" => {
            let arguments = Arguments::positional(vec![key.clone()]);
            super::call_method(machine, reader, "group", &arguments, at).map(Some)
        }
        _ => Ok(None),
    }
}

/// Returns an object's text; nothing, if it cannot be known.
pub(in super::super) fn shown(reader: &Reader) -> Option<String> {
    let values = reader.values.borrow();
    match &*reader.class {
        "datetime.timedelta" => time::shown(reader),
        "enum member" => match &values.get("shown")?.kind {
            Kind::Text(text) => Some(text.to_string()),
            Kind::Int(number) => Some(number.to_string()),
            _ => None,
        },
        "uuid.UUID" => {
            let hex = values.get("hex")?.as_text()?.clone();
            let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
            Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
        }
        _ => values.get("message").and_then(Value::as_text).map(ToString::to_string),
    }
}

/// Returns the value of a field of a data class that has a default.
pub(in super::super) fn default_of_field(machine: &mut Machine<'_>, reader: &Rc<Reader>, at: Span) -> Outcome {
    let value = |name: &str| reader.values.borrow().get(name).cloned();
    match (value("default"), value("default_factory")) {
        (Some(default), _) => Ok(default),
        (None, Some(factory)) => machine.call(&factory, Arguments::default(), at),
        (None, None) => Ok(Value::unknown("a field", at)),
    }
}

/// Returns the class of a value that is no object of the files that were read.
pub(in super::super) fn class_of(value: &Value, at: Span) -> Option<Value> {
    match value.kind {
        Kind::Unknown(_) | Kind::Known(_) | Kind::Method(_) | Kind::Reader(_) | Kind::Environ => None,
        _ => Some(Value::new(Kind::Known(Rc::from(format!("builtins.{}", value.type_name()))), at)),
    }
}

/// Whether a decorator of a library makes something else of a function.
pub(in super::super) fn wraps(name: &str) -> bool {
    WRAPPERS.contains(&name)
}

/// Whether a module is loaded before the settings are: Django's own, and what it needs.
pub(in super::super) fn is_loaded(name: &str) -> bool {
    let top = name.split('.').next().unwrap_or(name);
    matches!(top, "django" | "asgiref" | "os" | "sys" | "builtins" | "re" | "importlib" | "logging" | "collections")
}

/// Whether a name of a module is set by packers and test runners alone.
pub(in super::super) fn is_absent(module: &str, name: &str) -> bool {
    let names = ["_MEIPASS", "_called_from_test", "_pytest_is_running", "frozen", "getwindowsversion", "real_prefix"];
    module == "sys" && names.contains(&name)
}

/// The decorators that [`wraps`] knows.
const WRAPPERS: &[&str] = &[
    "builtins.classmethod",
    "builtins.property",
    "builtins.staticmethod",
    "django.utils.functional.cached_property",
    "functools.cached_property",
];
