//! Files of variables, as three libraries read them, and `python-dotenv` itself.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Span, Value};

/// Which library reads a file of variables: each has its own idea of quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Decouple,
    Dotenv,
    Environ,
}

/// Variables of one file; more of them are not read.
pub(super) const MOST: usize = 2_000;

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let function = name.rsplit('.').next().unwrap_or(name);
    let path = |machine: &Machine<'_>| match arguments.text(0, "dotenv_path") {
        Some(path) if !path.is_empty() => super::files::inside(&super::files::absolute(&path)),
        _ => machine.find_above(&[".env"]),
    };
    Ok(match function {
        "load_dotenv" => {
            let is_override = match arguments.named("override") {
                Some(value) => machine.truth(&value.clone())?,
                None => false,
            };
            let path = path(machine);
            if let Some(path) = &path {
                load(machine, path, Dialect::Dotenv, is_override, at)?;
            }
            let is_there = path.is_some_and(|path| machine.tree.has(Path::new(&path)));
            Some(Value::new(Kind::Bool(is_there), at))
        }
        "dotenv_values" => {
            let Some(path) = path(machine) else { return Ok(Some(Value::dict(Vec::new(), at))) };
            let Ok(source) = machine.tree.read(Path::new(&path)) else { return Ok(None) };
            let entries = lines(source.text(), Dialect::Dotenv).into_iter();
            let entries = entries.map(|(name, value)| (Value::text(&name, at), Value::text(&value, at))).collect();
            Some(machine.dict_of(entries, at)?)
        }
        "find_dotenv" => {
            let name = arguments.text(0, "filename");
            let found = machine.find_above(&[name.as_deref().unwrap_or(".env")]);
            let path = found.map(|path| format!("{}/{path}", super::super::evaluate::ROOT)).unwrap_or_default();
            Some(Value::text(&path, at))
        }
        _ => None,
    })
}

/// Puts the variables of a file into the environment.
pub(super) fn load(
    machine: &mut Machine<'_>,
    path: &str,
    dialect: Dialect,
    is_override: bool,
    at: Span,
) -> Outcome<()> {
    let Ok(source) = machine.tree.read(Path::new(path)) else { return Ok(()) };
    machine.spend(source.text().len() / 16)?;
    let variables: BTreeMap<String, String> = lines(source.text(), dialect).into_iter().collect();
    for (name, value) in variables {
        machine.default_variable(&name, Value::text(&value, at), is_override);
    }
    Ok(())
}

/// Returns the names and values of a file, in its order.
pub(super) fn lines(text: &str, dialect: Dialect) -> Vec<(String, String)> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut found = Vec::new();
    for line in text.lines().take(MOST) {
        let line = if dialect == Dialect::Environ { line } else { line.trim() };
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = match dialect {
            Dialect::Decouple => line,
            Dialect::Dotenv | Dialect::Environ => line.strip_prefix("export ").unwrap_or(line),
        };
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = if dialect == Dialect::Environ { name } else { name.trim() };
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if name.is_empty() || (dialect == Dialect::Environ && !name.bytes().all(is_name)) {
            continue;
        }
        let value = match dialect {
            Dialect::Decouple => {
                quoted(value.trim()).map_or_else(|| value.trim().to_owned(), |(_, inner)| inner.to_owned())
            }
            Dialect::Environ => match quoted(value) {
                Some(('"', inner)) => unescaped(inner),
                Some((_, inner)) => inner.to_owned(),
                None => value.to_owned(),
            },
            Dialect::Dotenv => dotenv_value(value.trim(), &known),
        };
        known.insert(name.to_owned(), value.clone());
        found.push((name.to_owned(), value));
    }
    found
}

fn quoted(value: &str) -> Option<(char, &str)> {
    ['\'', '"'].into_iter().find_map(|quote| {
        let inner = value.strip_prefix(quote)?.strip_suffix(quote)?;
        Some((quote, inner))
    })
}

/// python-dotenv: a quoted value ends at its quote, a bare one at a blank and `#`; `${NAME}` is another variable.
fn dotenv_value(value: &str, known: &BTreeMap<String, String>) -> String {
    for quote in ['\'', '"'] {
        let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote)).map(|(inner, _)| inner)
        else {
            continue;
        };
        return if quote == '\'' { inner.to_owned() } else { expanded(&unescaped(inner), known) };
    }
    let end = value.find(" #").unwrap_or(value.len());
    expanded(value.get(..end).unwrap_or(value).trim_end(), known)
}

fn expanded(value: &str, known: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            text.push_str("${");
            rest = after;
            continue;
        };
        let (name, default) = name.split_once(":-").unwrap_or((name, ""));
        text.push_str(known.get(name).map_or(default, |value| value));
        rest = after;
        // Values that name each other could grow without end.
        if text.len() > LONGEST {
            break;
        }
    }
    text.push_str(rest);
    text
}

fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => match characters.next() {
                Some(kept @ ('r' | 'n' | 't')) => text.extend(['\\', kept]),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            (other, false) => text.push(other),
        }
    }
    text
}

/// A value of a variable is not longer than what a system lets a program have.
const LONGEST: usize = 128 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_library_has_its_own_idea_of_quotes() {
        let value = |line: &str, dialect| lines(line, dialect).pop().map(|(_, value)| value);
        for (line, environ, decouple, dotenv) in [
            ("A=1", Some("1"), Some("1"), Some("1")),
            ("A='x y'", Some("x y"), Some("x y"), Some("x y")),
            ("A=\"x\"", Some("x"), Some("x"), Some("x")),
            ("export A=1", Some("1"), None, Some("1")),
            ("A=x # note", Some("x # note"), Some("x # note"), Some("x")),
            ("A = 1", None, Some("1"), Some("1")),
            ("# A=1", None, None, None),
        ] {
            assert_eq!(value(line, Dialect::Environ).as_deref(), environ, "{line}");
            let found = lines(line, Dialect::Decouple).into_iter().find(|(name, _)| name == "A");
            assert_eq!(found.map(|(_, value)| value).as_deref(), decouple, "{line}");
            assert_eq!(value(line, Dialect::Dotenv).as_deref(), dotenv, "{line}");
        }
        assert_eq!(value("A=1\nB=${A}${C:-2}", Dialect::Dotenv).as_deref(), Some("12"));
    }
}
