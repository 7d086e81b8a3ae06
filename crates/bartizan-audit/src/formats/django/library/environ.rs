//! `django-environ` and `environs`: variables with a type and a default.

use std::rc::Rc;

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Reader, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    Ok(match name {
        "environ.Env" | "environ.FileAwareEnv" | "environs.Env" => {
            let entries = arguments.named.iter().map(|(name, value)| (Value::text(name, at), value.clone())).collect();
            let class = if name.starts_with("environs") { "environs.Env" } else { "environ.Env" };
            Some(super::reader(class, [("scheme", Value::dict(entries, at))], at))
        }
        "environ.Env.read_env" | "environs.Env.read_env" => {
            read_file(machine, arguments, name.starts_with("environs"), at)?;
            Some(Value::new(Kind::None, at))
        }
        "environ.Path" => {
            let start = arguments.positional.first().and_then(|value| value.as_text().cloned());
            start.map(|start| Value::new(Kind::Path(super::files::absolute(&start)), at))
        }
        _ => None,
    })
}

/// Reads a variable: `method` names the type, or is empty where the reader itself is called.
pub(super) fn read(
    machine: &mut Machine<'_>,
    reader: &Rc<Reader>,
    method: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome {
    let is_environs = &*reader.class == "environs.Env";
    let unknown = |machine: &Machine<'_>| {
        let _ = machine;
        Value::unknown(format!("env.{method}({})", arguments.label()), at).from(&arguments.sources())
    };
    let (cast, default_place) = match method {
        "read_env" => {
            read_file(machine, arguments, is_environs, at)?;
            return Ok(Value::new(Kind::None, at));
        }
        "" | "get_value" if !is_environs => (arguments.get(1, "cast").cloned(), 2),
        "" => (None, 1),
        "bool" | "int" | "float" | "json" | "path" => (Some(builtin(method, at)), 1),
        "bytes" => {
            let text = read(machine, reader, "str", arguments, at)?;
            return Ok(match text.as_text() {
                Some(known) => Value::new(Kind::Bytes(known.as_bytes().into()), at).from(&text.variables),
                None => text,
            });
        }
        "str" if arguments.named("multiline").is_some_and(|yes| matches!(yes.kind, Kind::Bool(true))) => {
            let named = arguments.named.iter().filter(|(name, _)| name != "multiline").cloned().collect();
            let text = read(machine, reader, "str", &Arguments { named, ..arguments.clone() }, at)?;
            let lines = text.as_text().map(|known| known.replace("\\r\\n", "\n").replace("\\n", "\n"));
            return Ok(lines.map_or(text.clone(), |lines| Value::text(&lines, at).from(&text.variables)));
        }
        "url" => {
            let text = read(machine, reader, "str", arguments, at)?;
            let parse = Value::new(Kind::Known(Rc::from("urllib.parse.urlparse")), at);
            return machine.call(&parse, Arguments::positional(vec![text]), at);
        }
        "str" | "unicode" => (Some(builtin("str", at)), 1),
        "list" | "tuple" if is_environs => match arguments.named("subcast").cloned() {
            Some(of) => (Some(Value::list(vec![of], at)), 1),
            None => (Some(builtin(method, at)), 1),
        },
        "dict" if is_environs => (Some(builtin(method, at)), 1),
        "list" | "tuple" => {
            let cast = arguments.get(1, "cast").cloned().filter(|cast| !matches!(cast.kind, Kind::None));
            (Some(cast.map_or_else(|| builtin(method, at), |cast| Value::list(vec![cast], at))), 2)
        }
        "dict" => (Some(builtin("dict", at)), 2),
        "db" | "db_url" => {
            return super::parse::database(machine, arguments, "DATABASE_URL", at);
        }
        _ => return Ok(unknown(machine)),
    };
    let Some(name) = arguments.text(0, "var").or_else(|| arguments.text(0, "name")) else {
        return Ok(unknown(machine));
    };
    let default = arguments.get(default_place, "default").cloned();
    let default = default.filter(|default| !matches!(&default.kind, Kind::Known(name) if name.ends_with(".NOTSET")));
    get(machine, reader, &name, cast, default, at, 0)
}

/// Returns a variable by the rules of django-environ.
fn get(
    machine: &mut Machine<'_>,
    reader: &Rc<Reader>,
    name: &str,
    cast: Option<Value>,
    default: Option<Value>,
    at: Span,
    depth: u32,
) -> Outcome {
    let prefix = reader.values.borrow().get("prefix").and_then(|prefix| prefix.as_text().cloned());
    let name = format!("{}{name}", prefix.as_deref().unwrap_or_default());
    let mut cast = cast.filter(|cast| !matches!(cast.kind, Kind::None));
    let mut default = default;
    let scheme = reader.values.borrow().get("scheme").cloned();
    if let Some(scheme) = scheme
        && let Some(entries) = machine.entries(&scheme)?
        && let Some((_, known)) = entries.iter().find(|(key, _)| key.as_text().is_some_and(|key| **key == *name))
    {
        match &known.kind {
            Kind::Tuple(pair) if pair.len() == 2 => {
                cast = cast.or_else(|| pair.first().cloned());
                default = default.or_else(|| pair.get(1).cloned());
            }
            _ => cast = cast.or_else(|| Some(known.clone())),
        }
    }
    let found = match default {
        Some(_) => machine.variable(&name),
        None => machine.required_variable(&name, at),
    };
    let Some(value) = found else {
        return match default {
            Some(default) => Ok(default.from(&super::super::value::Sources::one(&name))),
            None => machine.raise_known("ImproperlyConfigured", format!("Set the {name} environment variable"), at),
        };
    };
    // A value that begins with a dollar names another variable.
    if let Some(other) = value.as_text().and_then(|text| text.strip_prefix('$').map(ToOwned::to_owned))
        && depth < PROXIES
    {
        return machine
            .deeper(|machine| get(machine, reader, other.trim_start_matches('$'), cast, default, at, depth + 1));
    }
    let cast = cast.or_else(|| {
        let default = default.as_ref().filter(|default| !matches!(default.kind, Kind::None | Kind::Unknown(_)))?;
        Some(builtin(default.type_name(), at))
    });
    if let (Some(Kind::None), Some("")) =
        (default.as_ref().map(|value| &value.kind), value.as_text().map(|text| &**text))
    {
        return Ok(Value::new(Kind::None, at).from(&value.variables));
    }
    parse(machine, &value, cast.as_ref(), at)
}

/// Returns a variable's text as a value of a type.
fn parse(machine: &mut Machine<'_>, value: &Value, cast: Option<&Value>, at: Span) -> Outcome {
    let Some(cast) = cast else { return Ok(value.clone()) };
    let text = value.as_text().cloned();
    let unknown = || Value::unknown(format!("{} as {}", value.label(), cast.label()), at).from(&value.variables);
    let known = match &cast.kind {
        Kind::Known(name) => name.strip_prefix("builtins."),
        _ => None,
    };
    let parts = |text: &str| -> Vec<Value> {
        let parts = text.split(',').filter(|part| !part.is_empty());
        parts.map(|part| Value::text(part, at).from(&value.variables)).collect()
    };
    match (known, &text) {
        (Some("bool"), Some(text)) => {
            let number = text.trim().parse::<i64>().ok();
            let yes = number.map_or_else(|| TRUE.contains(&&*text.trim().to_lowercase()), |number| number != 0);
            Ok(Value::new(Kind::Bool(yes), at).from(&value.variables))
        }
        (Some("bool"), None) => Ok(machine.decided(&format!("{} is true", value.label()), &value.variables, at)),
        (Some("list"), Some(text)) => Ok(Value::list(parts(text), at).from(&value.variables)),
        (Some("tuple"), Some(text)) => {
            Ok(Value::tuple(parts(text.trim_matches(['(', ')'])), at).from(&value.variables))
        }
        (Some("dict"), Some(text)) => {
            let entries = text.split(',').filter_map(|entry| entry.split_once('='));
            let entries = entries.map(|(key, value)| (Value::text(key, at), Value::text(value, at))).collect();
            Ok(Value::dict(entries, at).from(&value.variables))
        }
        (Some("str"), Some(_)) => Ok(value.clone()),
        (Some("json"), Some(_)) => {
            let loads = Value::new(Kind::Known(Rc::from("json.loads")), at);
            machine.call(&loads, Arguments::positional(vec![value.clone()]), at)
        }
        (Some("path"), Some(text)) => Ok(Value::new(Kind::Path(Rc::clone(text)), at).from(&value.variables)),
        (None, Some(text)) => match &cast.kind {
            Kind::List(of) | Kind::Set(of) => {
                let of = of.borrow().first().cloned();
                let mut items = Vec::new();
                for part in parts(text) {
                    items.push(parse(machine, &part, of.as_ref(), at)?);
                }
                Ok(Value::list(items, at).from(&value.variables))
            }
            Kind::Tuple(of) => {
                let mut items = Vec::new();
                for part in parts(text.trim_matches(['(', ')'])) {
                    items.push(parse(machine, &part, of.first(), at)?);
                }
                Ok(Value::tuple(items, at).from(&value.variables))
            }
            _ => machine.call(cast, Arguments::positional(vec![value.clone()]), at),
        },
        (Some("int" | "float"), Some(_)) => machine.call(cast, Arguments::positional(vec![value.clone()]), at),
        (Some("list" | "tuple"), None) => {
            let item = Value::unknown(format!("item of {}", value.label()), at).from(&value.variables);
            Ok(Value::list(vec![item], at).from(&value.variables))
        }
        _ => Ok(unknown()),
    }
}

fn read_file(machine: &mut Machine<'_>, arguments: &Arguments, is_environs: bool, at: Span) -> Outcome<()> {
    let names = ["env_file", "path"];
    let given = arguments.positional.first().or_else(|| names.iter().find_map(|name| arguments.named(name)));
    let path = match given {
        Some(value) => match value.as_text() {
            Some(path) => super::files::inside(&super::files::absolute(path)),
            None => return Ok(()),
        },
        None if is_environs => machine.find_above(&[".env"]),
        None => Some(super::files::clean(&format!("{}/.env", machine.directory())).trim_start_matches('/').to_owned()),
    };
    let is_override = match arguments.get(1, "overwrite").or_else(|| arguments.named("override")) {
        Some(value) => machine.truth(&value.clone())?,
        None => false,
    };
    let Some(path) = path else { return Ok(()) };
    let dialect = if is_environs { super::dotenv::Dialect::Dotenv } else { super::dotenv::Dialect::Environ };
    super::dotenv::load(machine, &path, dialect, is_override, at)
}

fn builtin(name: &str, at: Span) -> Value {
    Value::new(Kind::Known(Rc::from(format!("builtins.{name}"))), at)
}

/// What django-environ takes for true, beside numbers.
const TRUE: &[&str] = &["true", "on", "ok", "y", "yes", "1"];
/// Variables that name variables; a loop of them must end.
const PROXIES: u32 = 10;
