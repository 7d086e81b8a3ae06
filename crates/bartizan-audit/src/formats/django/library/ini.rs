//! `configparser`: sections of names and values.

use std::path::Path;
use std::rc::Rc;

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Reader, Span, Value};

pub(super) fn call(_: &mut Machine<'_>, name: &str, _: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let is_parser =
        matches!(name, "configparser.ConfigParser" | "configparser.RawConfigParser" | "configparser.SafeConfigParser");
    Ok(is_parser.then(|| super::reader("configparser.ConfigParser", [], at)))
}

/// Calls a method of a parser, or of one of its sections.
pub(super) fn read(
    machine: &mut Machine<'_>,
    reader: &Rc<Reader>,
    method: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome {
    let unknown = || Value::unknown(format!("ini.{method}({})", arguments.label()), at);
    if method == "read" {
        let paths = match arguments.get(0, "filenames") {
            Some(value) if value.as_text().is_some() => vec![value.clone()],
            Some(value) => machine.items(&value.clone(), at)?.unwrap_or_default(),
            None => Vec::new(),
        };
        let mut read = Vec::new();
        for path in paths {
            let inside = path.as_text().and_then(|path| super::files::inside(&super::files::absolute(path)));
            if let Some(source) = inside.and_then(|inside| machine.tree.read(Path::new(&inside)).ok()) {
                let before = text(reader).map(|text| text.to_string()).unwrap_or_default();
                let all = Value::text(&format!("{before}\n{}", source.text()), at);
                reader.values.borrow_mut().insert(Rc::from("text"), all);
                read.push(path);
            }
        }
        return Ok(Value::list(read, at));
    }
    if method == "read_string" || method == "read_file" {
        let given = match arguments.positional.first().map(|value| &value.kind) {
            Some(Kind::File(path)) => machine.read_text(&Rc::clone(path), at)?,
            Some(Kind::Text(text)) => Value::text(text, at),
            _ => return Ok(unknown()),
        };
        reader.values.borrow_mut().insert(Rc::from("text"), given);
        return Ok(Value::new(Kind::None, at));
    }
    let truth = |yes: bool| Ok(Value::new(Kind::Bool(yes), at));
    // A section's methods are the parser's, without its name; its second place is what the parser calls fallback.
    let own = reader.values.borrow().get("section").and_then(|name| name.as_text().cloned());
    let (wanted, option, fallback) = match &own {
        Some(section) => {
            let fallback = arguments.get(1, "fallback").cloned();
            (
                Some(Rc::clone(section)),
                arguments.text(0, "option"),
                fallback.or_else(|| Some(Value::new(Kind::None, at))),
            )
        }
        None => (arguments.text(0, "section"), arguments.text(1, "option"), arguments.named("fallback").cloned()),
    };
    match (method, wanted, option) {
        ("sections", _, _) => {
            let names = names(reader).unwrap_or_default();
            Ok(Value::list(names.iter().map(|name| Value::text(name, at)).collect(), at))
        }
        ("has_section", Some(section), _) => truth(names(reader).unwrap_or_default().contains(&section.to_string())),
        ("items" | "options" | "keys" | "values", Some(wanted), _) => {
            let entries = pairs(reader, &wanted, at).into_iter().map(|(name, value)| match method {
                "items" => Value::tuple(vec![name, value], at),
                "values" => value,
                _ => name,
            });
            Ok(Value::list(entries.collect(), at))
        }
        ("get" | "getboolean" | "getint" | "getfloat" | "has_option", Some(wanted), Some(option)) => {
            let option = option.to_lowercase();
            let found =
                pairs(reader, &wanted, at).into_iter().find(|(name, _)| name.as_text() == Some(&Rc::from(&*option)));
            if method == "has_option" {
                return truth(found.is_some());
            }
            let value = match (found, fallback) {
                (Some((_, value)), _) => value,
                (None, Some(fallback)) => return Ok(fallback),
                (None, None) if names(reader).is_some_and(|names| names.contains(&wanted.to_string())) => {
                    let message = format!("No option '{option}' in section: '{wanted}'");
                    return machine.raise_known("NoOptionError", message, at);
                }
                (None, None) => return machine.raise_known("NoSectionError", format!("No section: '{wanted}'"), at),
            };
            match method {
                "getboolean" => super::decouple::truth(machine, &value, at),
                "getint" | "getfloat" => {
                    let name = method.trim_start_matches("get");
                    let cast = Value::new(Kind::Known(Rc::from(format!("builtins.{name}"))), at);
                    machine.call(&cast, Arguments::positional(vec![value]), at)
                }
                _ => Ok(value),
            }
        }
        _ => Ok(unknown()),
    }
}

/// Returns a section of a parser, or a value of a section.
pub(super) fn item(machine: &mut Machine<'_>, reader: &Rc<Reader>, key: &Value, at: Span) -> Outcome<Option<Value>> {
    let (Some(wanted), Some(names)) = (key.as_text(), names(reader)) else { return Ok(None) };
    let values = reader.values.borrow().clone();
    if values.contains_key("section") {
        let found = entries(reader).unwrap_or_default().into_iter();
        let option = wanted.to_lowercase();
        return match found.into_iter().find(|(name, _)| name.as_text() == Some(&Rc::from(&*option))) {
            Some((_, value)) => Ok(Some(value)),
            None => machine.raise("KeyError", Machine::shown(key), at),
        };
    }
    if !names.contains(&wanted.to_string()) && &**wanted != "DEFAULT" {
        return machine.raise("KeyError", Machine::shown(key), at);
    }
    let text = values.get("text").cloned().unwrap_or_else(|| Value::text("", at));
    Ok(Some(super::reader("configparser.Section", [("section", key.clone()), ("text", text)], at)))
}

/// Returns the names of a parser's sections; nothing, if they cannot be known.
pub(super) fn names(reader: &Reader) -> Option<Vec<String>> {
    let text = text(reader)?;
    let lines = text.lines().map(str::trim).take(super::dotenv::MOST);
    let names = lines.filter_map(|line| Some(line.strip_prefix('[')?.split_once(']')?.0.to_owned()));
    Some(names.filter(|name| name != "DEFAULT").collect())
}

/// Returns the names and values of a section, by the section itself.
pub(super) fn entries(reader: &Reader) -> Option<Vec<(Value, Value)>> {
    let section = reader.values.borrow().get("section")?.as_text()?.clone();
    Some(pairs(reader, &section, Span::default()))
}

/// Returns the names and values of a section, those of DEFAULT behind its own.
fn pairs(reader: &Reader, wanted: &str, at: Span) -> Vec<(Value, Value)> {
    let Some(text) = text(reader) else { return Vec::new() };
    let is_there = wanted == "DEFAULT" || names(reader).is_some_and(|names| names.iter().any(|name| name == wanted));
    if !is_there {
        return Vec::new();
    }
    let mut found: Vec<(Value, Value)> = Vec::new();
    for (name, value) in section(&text, "DEFAULT").into_iter().chain(section(&text, wanted)) {
        let name = Value::text(&name.to_lowercase(), at);
        found.retain(|(known, _)| known.as_text() != name.as_text());
        found.push((name, Value::text(&value, at)));
    }
    found
}

fn text(reader: &Reader) -> Option<Rc<str>> {
    reader.values.borrow().get("text").and_then(|text| text.as_text().cloned())
}

/// Returns the names and values of a section.
pub(super) fn section(text: &str, wanted: &str) -> Vec<(String, String)> {
    let mut is_inside = false;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim_end).take(super::dotenv::MOST) {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = bare.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            is_inside = name.0 == wanted;
            continue;
        }
        let Some(split) = bare.find(['=', ':']).filter(|_| is_inside) else { continue };
        let (name, value) = bare.split_at(split);
        found.push((name.trim().to_owned(), value.get(1..).unwrap_or_default().trim().replace("%%", "%")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_hold_names_and_values() {
        let text = "[other]\nDEBUG=1\n[settings]\n; note\nDEBUG = off\nHOSTS: a, b\n";
        let names = [("DEBUG".to_owned(), "off".to_owned()), ("HOSTS".to_owned(), "a, b".to_owned())];
        assert_eq!(section(text, "settings"), names);
        assert_eq!(section(text, "none"), []);
    }
}
