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

/// Calls a method of a parser.
pub(super) fn read(
    machine: &mut Machine<'_>,
    reader: &Rc<Reader>,
    method: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome {
    let unknown = || Value::unknown(format!("ini.{method}({})", arguments.label()), at);
    match method {
        "read" => {
            let path = arguments.text(0, "filenames");
            let path = path.and_then(|path| super::files::inside(&super::files::absolute(&path)));
            let text = path.and_then(|path| machine.tree.read(Path::new(&path)).ok());
            if let Some(source) = text {
                reader.values.borrow_mut().insert(Rc::from("text"), Value::text(source.text(), at));
            }
            Ok(Value::list(Vec::new(), at))
        }
        "get" | "getboolean" | "getint" | "has_option" => {
            let (Some(wanted), Some(option)) = (arguments.text(0, "section"), arguments.text(1, "option")) else {
                return Ok(unknown());
            };
            let text = reader.values.borrow().get("text").and_then(|text| text.as_text().cloned());
            let Some(text) = text else { return Ok(unknown()) };
            let option = option.to_lowercase();
            let found = section(&text, &wanted).into_iter().rev().find(|(name, _)| name.to_lowercase() == option);
            if method == "has_option" {
                return Ok(Value::new(Kind::Bool(found.is_some()), at));
            }
            let value = match (found, arguments.named("fallback")) {
                (Some((_, value)), _) => Value::text(&value, at),
                (None, Some(fallback)) => return Ok(fallback.clone()),
                (None, None) => {
                    let message = format!("No option '{option}' in section: '{wanted}'");
                    return machine.raise_known("NoOptionError", message, at);
                }
            };
            match method {
                "getboolean" => super::decouple::truth(machine, &value, at),
                "getint" => {
                    let int = Value::new(Kind::Known(Rc::from("builtins.int")), at);
                    machine.call(&int, Arguments::positional(vec![value]), at)
                }
                _ => Ok(value),
            }
        }
        _ => Ok(unknown()),
    }
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
