//! `re`: patterns over texts that are known.
//!
//! What Python's dialect has and the engine has not (looking around, references back) cannot be known; nor can a pattern
//! that would be too large.

use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Reader, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let Some(first) = arguments.get(0, "pattern") else { return Ok(None) };
    let name = name.trim_start_matches("re.");
    if name == "escape" {
        return Ok(first.as_text().map(|text| Value::text(&escaped(text), at)));
    }
    let pattern = match &first.kind {
        Kind::Reader(reader) if &*reader.class == "re.Pattern" => Rc::clone(reader),
        Kind::Text(text) => {
            let place = match name {
                "sub" | "subn" => 4,
                "split" => 3,
                "compile" => 1,
                _ => 2,
            };
            let flags = arguments.get(place, "flags").map_or(Some(0), flags);
            let Some(flags) = flags else { return Ok(None) };
            let values = [("pattern", Value::text(text, at)), ("flags", Value::new(Kind::Int(flags), at))];
            let Kind::Reader(reader) = super::reader("re.Pattern", values, at).kind else { return Ok(None) };
            reader
        }
        _ => return Ok(None),
    };
    if name == "compile" {
        return Ok(Some(Value::new(Kind::Reader(pattern), at)));
    }
    let rest = Arguments { positional: arguments.positional.iter().skip(1).cloned().collect(), ..arguments.clone() };
    method(machine, &pattern, name, &rest, at)
}

/// Calls a method of a pattern.
pub(super) fn method(
    machine: &mut Machine<'_>,
    pattern: &Reader,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome<Option<Value>> {
    let place = usize::from(matches!(name, "sub" | "subn"));
    let Some(subject) = arguments.get(place, "string").cloned() else { return Ok(None) };
    let Some(text) = subject.as_text().cloned() else { return Ok(None) };
    machine.spend(text.len())?;
    let Some(regex) = compiled(pattern, name) else { return Ok(None) };
    let piece = |part: &str| Value::text(part, at).from(&subject.variables);
    let found = |captures: &Captures<'_>| found(&regex, captures, &subject, at);
    Ok(match name {
        "match" | "fullmatch" | "search" => {
            let captures = regex.captures(&text);
            Some(captures.map_or_else(|| Value::new(Kind::None, at), |captures| found(&captures)))
        }
        "findall" => {
            let item = |captures: Captures<'_>| {
                let group = |index: usize| piece(captures.get(index).map_or("", |part| part.as_str()));
                match captures.len() {
                    0 | 1 => group(0),
                    2 => group(1),
                    count => Value::tuple((1..count).map(group).collect(), at),
                }
            };
            Some(Value::list(regex.captures_iter(&text).map(item).collect(), at))
        }
        "finditer" => Some(Value::list(regex.captures_iter(&text).map(|captures| found(&captures)).collect(), at)),
        "split" => {
            let most = arguments.get(1, "maxsplit").and_then(Value::as_int).unwrap_or(0);
            let most = usize::try_from(most).ok().filter(|most| *most > 0).unwrap_or(usize::MAX);
            let mut parts = Vec::new();
            let mut start = 0;
            for captures in regex.captures_iter(&text).take(most) {
                let Some(whole) = captures.get(0) else { continue };
                parts.push(piece(text.get(start..whole.start()).unwrap_or_default()));
                for group in captures.iter().skip(1) {
                    parts.push(group.map_or_else(|| Value::new(Kind::None, at), |group| piece(group.as_str())));
                }
                start = whole.end();
            }
            parts.push(piece(text.get(start..).unwrap_or_default()));
            Some(Value::list(parts, at))
        }
        "sub" => replaced(machine, &regex, arguments, &subject, at)?,
        _ => None,
    })
}

/// Calls a method of what was found.
pub(super) fn group(reader: &Reader, name: &str, arguments: &Arguments, at: Span) -> Option<Value> {
    let values = reader.values.borrow();
    let Kind::Tuple(groups) = &values.get("(groups)")?.kind else { return None };
    let one = |key: &Value| match &key.kind {
        Kind::Int(index) => groups.get(usize::try_from(*index).ok()?).cloned(),
        Kind::Text(name) => {
            let names = values.get("(names)")?;
            let Kind::Tuple(names) = &names.kind else { return None };
            let index = names.iter().position(|known| known.as_text() == Some(name))?;
            groups.get(index).cloned()
        }
        _ => None,
    };
    match name {
        "group" => match arguments.positional.as_slice() {
            [] => groups.first().cloned(),
            [key] => one(key),
            keys => Some(Value::tuple(keys.iter().map(one).collect::<Option<_>>()?, at)),
        },
        "groups" => Some(Value::tuple(groups.iter().skip(1).cloned().collect(), at)),
        "groupdict" => {
            let Kind::Tuple(names) = &values.get("(names)")?.kind else { return None };
            let entries = names.iter().zip(groups.iter()).filter(|(name, _)| name.as_text().is_some());
            Some(Value::dict(entries.map(|(name, group)| (name.clone(), group.clone())).collect(), at))
        }
        _ => None,
    }
}

fn replaced(
    machine: &mut Machine<'_>,
    regex: &Regex,
    arguments: &Arguments,
    subject: &Value,
    at: Span,
) -> Outcome<Option<Value>> {
    let (Some(with), Some(text)) = (arguments.get(0, "repl").cloned(), subject.as_text().cloned()) else {
        return Ok(None);
    };
    let count = arguments.get(2, "count").and_then(Value::as_int).unwrap_or(0);
    let count = usize::try_from(count).ok().filter(|count| *count > 0).unwrap_or(usize::MAX);
    let mut result = String::new();
    let mut start = 0;
    for captures in regex.captures_iter(&text).take(count) {
        let Some(whole) = captures.get(0) else { continue };
        result.push_str(text.get(start..whole.start()).unwrap_or_default());
        start = whole.end();
        match &with.kind {
            Kind::Text(template) => expand(template, &captures, &mut result),
            _ => {
                let found = found(regex, &captures, subject, at);
                let value = machine.call(&with, Arguments::positional(vec![found]), at)?;
                let Some(part) = value.as_text() else { return Ok(None) };
                result.push_str(part);
            }
        }
        machine.spend(result.len() / 64)?;
    }
    result.push_str(text.get(start..).unwrap_or_default());
    Ok(Some(Value::text(&result, at).from(&subject.variables)))
}

/// Writes a template of `re.sub`: `\1`, `\g<name>`.
fn expand(template: &str, captures: &Captures<'_>, result: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('\\') {
        result.push_str(before);
        let named = after.strip_prefix("g<").and_then(|after| after.split_once('>'));
        if let Some((name, after)) = named {
            let group = name.parse().map_or_else(|_| captures.name(name), |index: usize| captures.get(index));
            result.push_str(group.map_or("", |group| group.as_str()));
            rest = after;
            continue;
        }
        let Some(sign) = after.chars().next() else { break };
        match sign.to_digit(10) {
            Some(index) => {
                result.push_str(captures.get(index as usize).map_or("", |group| group.as_str()));
            }
            None if sign == 'n' => result.push('\n'),
            None if sign == 't' => result.push('\t'),
            None => result.push(sign),
        }
        rest = after.get(sign.len_utf8()..).unwrap_or_default();
    }
    result.push_str(rest);
}

fn found(regex: &Regex, captures: &Captures<'_>, subject: &Value, at: Span) -> Value {
    let group = |group: Option<regex::Match<'_>>| {
        group.map_or_else(|| Value::new(Kind::None, at), |group| Value::text(group.as_str(), at))
    };
    let groups = Value::tuple(captures.iter().map(group).collect(), at);
    let name = |name: Option<&str>| name.map_or_else(|| Value::new(Kind::None, at), |name| Value::text(name, at));
    let names = Value::tuple(regex.capture_names().map(name).collect(), at);
    super::reader("re.Match", [("(groups)", groups), ("(names)", names)], at).from(&subject.variables)
}

/// Builds a pattern for a method, whose ends are the text's where it asks for that.
fn compiled(pattern: &Reader, method: &str) -> Option<Regex> {
    let values = pattern.values.borrow();
    let written = values.get("pattern")?.as_text()?.clone();
    let flags = values.get("flags").and_then(Value::as_int)?;
    let written = written.replace("\\Z", "\\z");
    let whole = match method {
        "match" => format!("\\A(?:{written})"),
        "fullmatch" => format!("\\A(?:{written})\\z"),
        _ => written,
    };
    if whole.len() > LONGEST {
        return None;
    }
    RegexBuilder::new(&whole)
        .case_insensitive(flags & IGNORE_CASE != 0)
        .multi_line(flags & MULTI_LINE != 0)
        .dot_matches_new_line(flags & DOT_ALL != 0)
        .ignore_whitespace(flags & VERBOSE != 0)
        .size_limit(SIZE)
        .dfa_size_limit(SIZE)
        .build()
        .ok()
}

/// Returns flags: of the names that settings use, and numbers.
fn flags(value: &Value) -> Option<i128> {
    value.as_int().map(i128::from)
}

/// Returns the number of a flag by its name.
pub(super) fn flag(name: &str) -> Option<i128> {
    Some(i128::from(match name {
        "re.I" | "re.IGNORECASE" => IGNORE_CASE,
        "re.M" | "re.MULTILINE" => MULTI_LINE,
        "re.S" | "re.DOTALL" => DOT_ALL,
        "re.X" | "re.VERBOSE" => VERBOSE,
        "re.U" | "re.UNICODE" => 32,
        "re.A" | "re.ASCII" => 256,
        _ => return None,
    }))
}

fn escaped(text: &str) -> String {
    let mut result = String::new();
    for character in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(character) {
            result.push('\\');
        }
        result.push(character);
    }
    result
}

const IGNORE_CASE: i64 = 2;
const MULTI_LINE: i64 = 8;
const DOT_ALL: i64 = 16;
const VERBOSE: i64 = 64;
/// Patterns of settings have some dozens of characters.
const LONGEST: usize = 10_000;
/// Bytes of one compiled pattern.
const SIZE: usize = 1 << 20;
