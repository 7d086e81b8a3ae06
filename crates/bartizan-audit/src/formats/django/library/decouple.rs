//! `python-decouple`: variables, `settings.ini` and `.env`, with a type and a default.

use std::path::Path;
use std::rc::Rc;

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Reader, Sources, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    Ok(Some(match name {
        "decouple.config" | "decouple.config.get" => return read(machine, None, arguments, at).map(Some),
        "decouple.AutoConfig" => super::reader("decouple.AutoConfig", [], at),
        "decouple.Config" => {
            let repository = arguments.get(0, "repository").cloned().unwrap_or_else(Value::none);
            super::reader("decouple.Config", [("repository", repository)], at)
        }
        "decouple.RepositoryEnv" | "decouple.RepositoryIni" => {
            let path = arguments.text(0, "source");
            let path = path.and_then(|path| super::files::inside(&super::files::absolute(&path)));
            let Some(path) = path else { return Ok(None) };
            repository(machine, &path, at)
        }
        "decouple.RepositoryEmpty" => Value::dict(Vec::new(), at),
        "decouple.Csv" => {
            let names = ["cast", "delimiter", "strip", "post_process"];
            let given = names.into_iter().enumerate();
            let given = given.filter_map(|(index, name)| Some((name, arguments.get(index, name)?.clone())));
            super::reader("decouple.Csv", given, at)
        }
        "decouple.Choices" => {
            let cast = arguments.get(1, "cast").cloned();
            cast.unwrap_or_else(|| Value::new(Kind::Known(Rc::from("builtins.str")), at))
        }
        "decouple.strtobool" => match arguments.positional.first() {
            Some(value) => truth(machine, value, at)?,
            None => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// Reads a variable: from the environment, then from the file, then the default.
pub(super) fn read(machine: &mut Machine<'_>, reader: Option<&Rc<Reader>>, arguments: &Arguments, at: Span) -> Outcome {
    let unknown = || Value::unknown(format!("config({})", arguments.label()), at).from(&arguments.sources());
    let Some(name) = arguments.text(0, "option") else { return Ok(unknown()) };
    let own = reader.and_then(|reader| reader.values.borrow().get("repository").cloned());
    let repository = match own {
        Some(repository) => Some(repository),
        None => machine.find_above(&["settings.ini", ".env"]).map(|path| repository(machine, &path, at)),
    };
    let filed = match repository {
        Some(repository) => machine.entries(&repository)?.unwrap_or_default(),
        None => Vec::new(),
    };
    let filed =
        filed.into_iter().find(|(key, _)| key.as_text().is_some_and(|key| **key == *name)).map(|(_, value)| value);
    let default = arguments.get(1, "default").cloned();
    let found = if default.is_none() && filed.is_none() {
        machine.required_variable(&name, at)
    } else {
        machine.variable(&name)
    };
    let Some(value) = found.or(filed).or(default) else {
        let message = format!("{name} not found. Declare it as envvar or define a default value.");
        return machine.raise_known("UndefinedValueError", message, at);
    };
    let value = value.from(&Sources::one(&name));
    let Some(cast) = arguments.get(2, "cast").cloned() else { return Ok(value) };
    if matches!(&cast.kind, Kind::Known(name) if &**name == "builtins.bool") {
        return truth(machine, &value, at);
    }
    machine.call(&cast, Arguments::positional(vec![value]), at)
}

/// Splits a value as `Csv` does: at the delimiters, quotes respected, blanks stripped.
pub(super) fn split(machine: &mut Machine<'_>, reader: &Rc<Reader>, arguments: &Arguments, at: Span) -> Outcome {
    let Some(value) = arguments.positional.first() else { return Ok(Value::list(Vec::new(), at)) };
    let values = reader.values.borrow().clone();
    let Some(text) = value.as_text() else {
        if matches!(value.kind, Kind::None) {
            return Ok(Value::list(Vec::new(), at));
        }
        let item = Value::unknown(format!("item of {}", value.label()), at).from(&value.variables);
        return Ok(Value::list(vec![item], at).from(&value.variables));
    };
    let delimiter = values.get("delimiter").and_then(|delimiter| delimiter.as_text().cloned());
    let delimiter = delimiter.as_deref().unwrap_or(",");
    let mut parts: Vec<String> = Vec::new();
    let mut current: Option<String> = None;
    let mut quote = None;
    for character in text.chars() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => current.get_or_insert_default().push(character),
            None if character == '\'' || character == '"' => {
                quote = Some(character);
                current.get_or_insert_default();
            }
            None if delimiter.contains(character) => parts.extend(current.take()),
            None => current.get_or_insert_default().push(character),
        }
    }
    parts.extend(current);
    let cast = values.get("cast").cloned();
    let mut items = Vec::new();
    for part in parts {
        let item = Value::text(part.trim(), at).from(&value.variables);
        items.push(match &cast {
            Some(cast) => machine.call(cast, Arguments::positional(vec![item]), at)?,
            None => item,
        });
    }
    let list = Value::list(items, at).from(&value.variables);
    match values.get("post_process") {
        Some(process) => machine.call(process, Arguments::positional(vec![list]), at),
        None => Ok(list),
    }
}

/// Returns a truth as ConfigParser reads it; an empty text is false.
pub(super) fn truth(machine: &mut Machine<'_>, value: &Value, at: Span) -> Outcome {
    let word = match &value.kind {
        Kind::Bool(_) => return Ok(value.clone()),
        Kind::Int(number) => number.to_string(),
        Kind::Text(text) => text.to_lowercase(),
        Kind::None => "none".to_owned(),
        _ => return Ok(machine.decided(&format!("{} is true", value.label()), &value.variables, at)),
    };
    let yes = match &*word {
        "y" | "yes" | "t" | "true" | "on" | "1" => true,
        "" | "n" | "no" | "f" | "false" | "off" | "0" => false,
        _ => return machine.raise_known("ValueError", format!("Invalid truth value: {word}"), at),
    };
    Ok(Value::new(Kind::Bool(yes), at).from(&value.variables))
}

fn repository(machine: &mut Machine<'_>, path: &str, at: Span) -> Value {
    let Ok(source) = machine.tree.read(Path::new(path)) else { return Value::dict(Vec::new(), at) };
    let entries = if path.ends_with(".ini") {
        super::ini::section(source.text(), "settings")
    } else {
        super::dotenv::lines(source.text(), super::dotenv::Dialect::Decouple)
    };
    let entries = entries.into_iter().map(|(name, value)| (Value::text(&name, at), Value::text(&value, at)));
    // Of equal names the last one counts.
    let mut last: Vec<(Value, Value)> = Vec::new();
    for (name, value) in entries.take(super::dotenv::MOST) {
        last.retain(|(known, _)| known.as_text() != name.as_text());
        last.push((name, value));
    }
    Value::dict(last, at)
}
