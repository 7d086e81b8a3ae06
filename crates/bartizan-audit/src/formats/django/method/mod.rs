//! Methods of values, by the kind of the value.

mod list;
mod mapping;
mod path;
mod set;
mod text;

use super::evaluate::{Arguments, Machine, Outcome};
use super::library;
use super::value::{Kind, Span, Value};

/// Calls a method of a value.
pub(super) fn call(machine: &mut Machine<'_>, object: &Value, name: &str, arguments: &Arguments, at: Span) -> Outcome {
    let sources = object.variables.with(&arguments.sources());
    let unknown = || Value::unknown(format!("{}.{name}({})", object.label(), arguments.label()), at).from(&sources);
    if arguments.is_open {
        return Ok(unknown());
    }
    let known = match &object.kind {
        Kind::Text(text) => text::call(machine, &text.clone(), object, name, arguments, at)?,
        Kind::Bytes(bytes) if name == "decode" => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            Some(Value::text(&text, object.origin))
        }
        Kind::List(items) => list::call(machine, &items.clone(), name, arguments, at)?,
        Kind::Tuple(items) => list::count(machine, &items.clone(), name, arguments, at)?,
        Kind::Set(items) => set::call(machine, &items.clone(), object, name, arguments, at)?,
        Kind::Dict(_) | Kind::Names(_) | Kind::Environ => mapping::call(machine, object, name, arguments, at)?,
        Kind::Int(number) if name == "bit_length" => {
            Some(Value::new(Kind::Int(i128::from(128 - number.unsigned_abs().leading_zeros())), at))
        }
        Kind::Float(number) if name == "is_integer" => Some(Value::new(Kind::Bool(number.fract() == 0.0), at)),
        Kind::Bytes(bytes) if name == "hex" => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Some(Value::text(&hex, at))
        }
        Kind::Bytes(bytes) if matches!(name, "strip" | "rstrip" | "lstrip") && arguments.positional.is_empty() => {
            let stripped = match name {
                "strip" => bytes.trim_ascii(),
                "rstrip" => bytes.trim_ascii_end(),
                _ => bytes.trim_ascii_start(),
            };
            Some(Value::new(Kind::Bytes(stripped.into()), object.origin))
        }
        Kind::Path(path) => path::call(machine, &path.clone(), name, arguments, at)?,
        Kind::File(path) => path::read(machine, &path.clone(), name, at)?,
        Kind::Reader(reader) => {
            return Ok(library::call_method(machine, &reader.clone(), name, arguments, at)?.from(&sources));
        }
        _ => None,
    };
    Ok(known.map_or_else(unknown, |value| value.from(&sources)))
}

/// Returns an attribute that is no method.
pub(super) fn property(machine: &mut Machine<'_>, object: &Value, name: &str, at: Span) -> Outcome<Option<Value>> {
    match &object.kind {
        Kind::Path(path) => Ok(path::property(&path.clone(), name, at)),
        Kind::Function(function) if name == "__name__" => Ok(Some(Value::text(&function.name, at))),
        Kind::Tuple(items) => {
            // `sys.version_info.major` and the like.
            let index = ["major", "minor", "micro"].iter().position(|known| *known == name);
            Ok(index.and_then(|index| items.get(index).cloned()))
        }
        _ => {
            let _ = machine;
            Ok(None)
        }
    }
}

/// Whether a value has a method of this name.
pub(super) fn exists(object: &Value, name: &str) -> bool {
    let names: &[&str] = match &object.kind {
        Kind::Text(_) => text::NAMES,
        Kind::List(_) => list::NAMES,
        Kind::Tuple(_) => &["count", "index"],
        Kind::Dict(_) | Kind::Names(_) | Kind::Environ => mapping::NAMES,
        Kind::Set(_) => set::NAMES,
        Kind::Int(_) | Kind::Bool(_) => &["bit_length", "to_bytes", "conjugate", "real", "imag"],
        Kind::Float(_) => &["is_integer", "hex", "real", "imag"],
        Kind::None => &[],
        _ => return true,
    };
    names.contains(&name)
}
