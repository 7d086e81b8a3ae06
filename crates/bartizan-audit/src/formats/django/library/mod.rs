//! What is known of Python's own library and of those that settings use: enough to follow settings, and no more.
//!
//! A name of a known library stands for itself, such as `os.path.join`; what it does when it is called is in one of the
//! files here. A call that none of them knows yields a value that cannot be known.

mod address;
mod builtins;
mod constants;
mod decouple;
mod dotenv;
mod encode;
mod environ;
pub(super) mod files;
mod gather;
mod ini;
mod object;
mod parse;
mod random;
mod regular;
mod standard;
mod time;
mod variable;

use std::rc::Rc;

pub(super) use self::builtins::sort;
pub(super) use self::object::{
    binary, class_of, contains, default_of_field, entries, equal, is_absent, is_loaded, item, items, ordering, shown,
    truth, wraps,
};
use super::evaluate::{Arguments, Machine, Outcome};
use super::value::{Kind, Reader, Span, Value};

/// Whether a module belongs to Python or to a library that is known here.
pub(super) fn is_known(module: &str) -> bool {
    let top = module.split('.').next().unwrap_or(module);
    constants::STANDARD.binary_search(&top).is_ok() || LIBRARIES.contains(&top)
}

/// Whether a missing module can only be one of the project's own, by its name.
pub(super) fn is_local(module: &str) -> bool {
    let last = module.rsplit('.').next().unwrap_or(module);
    let is_settings =
        |word: &str| last == word || last.starts_with(&format!("{word}_")) || last.ends_with(&format!("_{word}"));
    ["settings", "local", "secrets", "conf"].into_iter().any(is_settings) && !is_known(module)
}

/// Returns what `from module import *` binds.
pub(super) fn star(module: &str, at: Span) -> Vec<(String, Value)> {
    constants::star(module, at)
}

/// Returns an attribute of a module or class that is known.
pub(super) fn attribute(machine: &mut Machine<'_>, path: &str, name: &str, at: Span) -> Value {
    let full = format!("{path}.{name}");
    match constants::value(machine, &full, at) {
        Some(value) => value,
        None if name == "__name__" => Value::text(path.rsplit('.').next().unwrap_or(path), at),
        None => Value::new(Kind::Known(Rc::from(full)), at),
    }
}

/// Calls something that is known by its dotted name.
pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome {
    type Family = fn(&mut Machine<'_>, &str, &Arguments, Span) -> Outcome<Option<Value>>;
    const FAMILIES: &[(&str, Family)] = &[
        ("builtins.", builtins::call),
        ("configparser.", ini::call),
        ("decouple.", decouple::call),
        ("dj_database_url.", parse::call),
        ("dotenv.", dotenv::call),
        ("environ.", environ::call),
        ("environs.", environ::call),
        ("os.", files::call),
        ("pathlib.", files::call),
        ("json.", parse::call),
        ("ast.", parse::call),
        ("distutils.", parse::call),
        ("base64.", encode::call),
        ("collections.", gather::call),
        ("hashlib.", encode::call),
        ("itertools.", gather::call),
        ("re.", regular::call),
        ("secrets.", random::call),
        ("urllib.parse.", address::call),
        ("uuid.", encode::call),
        ("django.", random::call),
    ];
    if arguments.is_open {
        return Ok(Value::unknown(format!("{name}(...)"), at).from(&arguments.sources()));
    }
    let family = FAMILIES.iter().find(|(prefix, _)| name.starts_with(prefix));
    let mut known = match family {
        Some((_, family)) => family(machine, name, arguments, at)?,
        None => None,
    };
    if known.is_none() {
        known = standard::call(machine, name, arguments, at)?;
    }
    let unknown = || Value::unknown(format!("{name}({})", arguments.label()), at).from(&arguments.sources());
    Ok(known.unwrap_or_else(unknown))
}

/// Calls a reader of settings itself.
pub(super) fn call_reader(machine: &mut Machine<'_>, reader: &Rc<Reader>, arguments: &Arguments, at: Span) -> Outcome {
    match &*reader.class {
        "environ.Env" | "environs.Env" => environ::read(machine, reader, "", arguments, at),
        "decouple.Config" | "decouple.AutoConfig" => decouple::read(machine, Some(reader), arguments, at),
        "functools.partial" => {
            let values = reader.values.borrow().clone();
            let Some(function) = values.get("function") else { return Ok(Value::none()) };
            let mut all = Arguments::default();
            if let Some(kept) = values.get("positional") {
                all.positional = machine.items(kept, at)?.unwrap_or_default();
            }
            if let Some(named) = values.get("named") {
                let named = machine.entries(named)?.unwrap_or_default();
                all.named =
                    named.into_iter().filter_map(|(name, value)| Some((name.as_text()?.to_string(), value))).collect();
            }
            all.positional.extend(arguments.positional.iter().cloned());
            all.named.retain(|(name, _)| arguments.named(name).is_none());
            all.named.extend(arguments.named.iter().cloned());
            machine.deeper(|machine| machine.call(function, all, at))
        }
        "decouple.Csv" => decouple::split(machine, reader, arguments, at),
        _ => Ok(Value::unknown(format!("{}({})", reader.class, arguments.label()), at).from(&arguments.sources())),
    }
}

/// Calls a method of a reader of settings.
pub(super) fn call_method(
    machine: &mut Machine<'_>,
    reader: &Rc<Reader>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome {
    match &*reader.class {
        "environ.Env" | "environs.Env" => environ::read(machine, reader, name, arguments, at),
        "decouple.Config" if name == "get" => decouple::read(machine, Some(reader), arguments, at),
        "configparser.ConfigParser" => ini::read(machine, reader, name, arguments, at),
        "configparser.Section" => ini::read(machine, reader, name, arguments, at),
        _ => {
            let known = match &*reader.class {
                "datetime.timedelta" if name == "total_seconds" => {
                    time::seconds(reader).map(|seconds| Value::new(Kind::Float(seconds), at))
                }
                "hashlib digest" => encode::digested(reader, name, at),
                "re.Match" => regular::group(reader, name, arguments, at),
                "re.Pattern" => regular::method(machine, reader, name, arguments, at)?,
                "urllib.parse.ParseResult" if name == "geturl" => reader.values.borrow().get("address").cloned(),
                "random.SystemRandom" => return call(machine, &format!("random.{name}"), arguments, at),
                _ => None,
            };
            let unknown = || Value::unknown(format!("{}.{name}({})", reader.class, arguments.label()), at);
            Ok(known.unwrap_or_else(|| unknown().from(&arguments.sources())))
        }
    }
}

/// Returns an object of a known class.
pub(super) fn reader(class: &str, values: impl IntoIterator<Item = (&'static str, Value)>, at: Span) -> Value {
    let values = values.into_iter().map(|(name, value)| (Rc::from(name), value)).collect();
    let reader = Reader { class: Rc::from(class), values: std::cell::RefCell::new(values) };
    Value::new(Kind::Reader(Rc::new(reader)), at)
}

impl Machine<'_> {
    /// Returns what a name means that nothing in the files binds.
    pub(super) fn builtin(&self, name: &str, at: Span) -> Outcome {
        if constants::BUILTINS.contains(&name) || super::evaluate::is_exception(name) {
            return Ok(Value::new(Kind::Known(Rc::from(format!("builtins.{name}"))), at));
        }
        if self.has_strange_names {
            return Ok(Value::unknown(name, at));
        }
        self.raise("NameError", format!("name '{name}' is not defined"), at)
    }
}

/// Libraries beyond Python's own whose names stand for themselves.
const LIBRARIES: &[&str] =
    &["csp", "decouple", "dj_database_url", "django", "dotenv", "environ", "environs", "split_settings"];
