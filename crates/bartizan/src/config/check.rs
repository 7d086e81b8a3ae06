//! The check of a file against its schema: all that is wrong is found, with its place, and taken out.
//!
//! What is left can be read without errors, so that the meaning of the rest is checked in the same run.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::Problem;
use super::words::FORMATS;

/// Takes everything out of the table that the schema does not allow, and returns why.
pub(crate) fn check(table: &mut DeTable<'_>, schema: &Value) -> Vec<Problem> {
    let mut checker = Checker { root: schema, problems: Vec::new() };
    checker.table(table, schema, 0..0, "");
    checker.problems
}

struct Checker<'s> {
    root: &'s Value,
    problems: Vec<Problem>,
}

impl<'s> Checker<'s> {
    /// Returns whether the table can be read.
    fn table(&mut self, table: &mut DeTable<'_>, schema: &'s Value, span: Range<usize>, path: &str) -> bool {
        let properties = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        let mut bad: Vec<Spanned<Cow<'_, str>>> = Vec::new();
        for (key, value) in table.iter_mut() {
            let name = key.get_ref().as_ref();
            let is_good = match properties.and_then(|properties| properties.get(name)).or(others) {
                Some(schema) => self.value(value, schema, &join(path, name)),
                None => {
                    let known = properties.into_iter().flat_map(|all| all.keys().map(String::as_str));
                    self.problems.push(unknown_key(name, key.span(), path, known));
                    false
                }
            };
            if !is_good {
                bad.push(key.clone());
            }
        }
        for key in &bad {
            table.remove(key);
        }
        let mut is_whole = true;
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if table.contains_key(name) {
                continue;
            }
            is_whole = false;
            // A required key that is there and bad has been told of.
            if !bad.iter().any(|key| key.get_ref() == name) {
                let message = format!("`{name}` is missing in {}", table_name(path));
                self.problems.push(Problem::error(message).at(span.clone()));
            }
        }
        is_whole
    }

    fn value(&mut self, value: &mut Spanned<DeValue<'_>>, schema: &'s Value, path: &str) -> bool {
        let span = value.span();
        let candidates: Vec<_> = self.alternatives(schema).into_iter().filter(|s| fits(value.get_ref(), s)).collect();
        let Some((last, earlier)) = candidates.split_last() else {
            let expected = self.expected(schema);
            let found = value.get_ref().type_str();
            let mut problem = Problem::error(format!("`{path}` must be {expected}")).at(span);
            problem.key = Some(path.to_owned());
            self.problems.push(problem.label(format!("this is {}", article(found))));
            return false;
        };
        if earlier.iter().any(|schema| verdict(value.get_ref(), schema).is_ok()) {
            return true;
        }
        match value.get_mut() {
            DeValue::Table(table) => self.table(table, last, span, path),
            DeValue::Array(array) => {
                let Some(items) = last.get("items") else { return true };
                let mut kept = Vec::new();
                for (index, item) in array.iter_mut().enumerate() {
                    if self.value(item, items, &format!("{path}[{index}]")) {
                        kept.push(item.clone());
                    }
                }
                *array = kept.into_iter().collect();
                true
            }
            scalar => match verdict(scalar, last) {
                Ok(()) => true,
                Err(Fault { message, hint }) => {
                    let or_word = earlier.iter().filter_map(|schema| schema.get("const")?.as_str()).next();
                    let label = match or_word {
                        _ if last.get("const").is_some() => format!("must be {}", self.expected(schema)),
                        Some(word) => format!("{message}, or \"{word}\""),
                        None => message,
                    };
                    let mut problem = Problem::error(format!("`{path}` has a bad value")).at(span).label(label);
                    problem.key = Some(path.to_owned());
                    problem.hint = hint;
                    self.problems.push(problem);
                    false
                }
            },
        }
    }

    /// Returns every form that is allowed, references resolved; the null of an optional key is no form.
    fn alternatives(&self, schema: &'s Value) -> Vec<&'s Value> {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            return self.root.pointer(name.trim_start_matches('#')).map_or(vec![], |schema| self.alternatives(schema));
        }
        match schema.get("anyOf").and_then(Value::as_array) {
            Some(all) => all.iter().flat_map(|schema| self.alternatives(schema)).collect(),
            None => vec![schema],
        }
    }

    fn expected(&self, schema: &'s Value) -> String {
        let mut names: Vec<String> = Vec::new();
        for schema in self.alternatives(schema) {
            if let Some(word) = schema.get("const") {
                names.push(word.to_string());
                continue;
            }
            names.extend(types(schema).filter_map(|name| {
                Some(match name {
                    "string" => match schema.pointer("/examples/0") {
                        Some(example) => format!("text such as {example}"),
                        None => "text in quotes".to_owned(),
                    },
                    "integer" => "a number".to_owned(),
                    "boolean" => "true or false".to_owned(),
                    "array" => "a list in brackets".to_owned(),
                    "object" => "a table".to_owned(),
                    _ => return None,
                })
            }));
        }
        names.join(", or ")
    }
}

/// Whether the value has the schema's type; the type alone.
fn fits(value: &DeValue<'_>, schema: &Value) -> bool {
    if let Some(wanted) = schema.get("const") {
        return match value {
            DeValue::String(_) => wanted.is_string(),
            DeValue::Boolean(_) => wanted.is_boolean(),
            _ => false,
        };
    }
    let found = match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Boolean(_) => "boolean",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
        DeValue::Float(_) | DeValue::Datetime(_) => return false,
    };
    types(schema).any(|name| name == found)
}

fn types(schema: &Value) -> impl Iterator<Item = &str> {
    let several = schema.get("type").and_then(Value::as_array).into_iter().flatten();
    schema.get("type").into_iter().chain(several).filter_map(Value::as_str)
}

struct Fault {
    message: String,
    hint: Option<String>,
}

fn verdict(value: &DeValue<'_>, schema: &Value) -> Result<(), Fault> {
    let plain = |message: String| Fault { message, hint: None };
    if let Some(wanted) = schema.get("const") {
        let is_it = match value {
            DeValue::String(text) => wanted.as_str() == Some(text),
            DeValue::Boolean(yes) => wanted.as_bool() == Some(*yes),
            _ => false,
        };
        return if is_it { Ok(()) } else { Err(plain(format!("must be {wanted}"))) };
    }
    match value {
        DeValue::String(text) => {
            if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
                let choices: Vec<_> = choices.iter().filter_map(Value::as_str).collect();
                if choices.contains(&text.as_ref()) {
                    return Ok(());
                }
                let hint = nearest(text, choices.iter().copied()).map(|name| format!("did you mean \"{name}\"?"));
                return Err(Fault { message: format!("must be one of {}", choices.join(", ")), hint });
            }
            let format = schema.get("format").and_then(Value::as_str);
            match FORMATS.iter().find(|(name, _)| Some(*name) == format) {
                Some((_, check)) => check(text).map_err(plain),
                None => Ok(()),
            }
        }
        DeValue::Integer(number) => {
            let bound = |name| schema.get(name).and_then(Value::as_i64);
            let digits = number.as_str().replace('_', "");
            let number = i64::from_str_radix(&digits, number.radix()).map_err(|_| plain("is too large".to_owned()))?;
            match (bound("minimum"), bound("maximum")) {
                (Some(least), _) if number < least => Err(plain(format!("must be at least {least}"))),
                (_, Some(most)) if number > most => Err(plain(format!("must be at most {most}"))),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn unknown_key<'a>(
    name: &str,
    span: Range<usize>,
    path: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Problem {
    let problem = Problem::error(format!("unknown key `{name}` in {}", table_name(path))).at(span);
    match nearest(name, known.clone()) {
        Some(near) => problem.label("no such key").hint(format!("did you mean `{near}`?")),
        None => problem.label("no such key").hint(format!("known keys: {}", known.collect::<Vec<_>>().join(", "))),
    }
}

/// Returns the nearest of the known names, if one is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |known: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
    let (near, steps) = known.map(|known| (known, distance(known))).min_by_key(|(_, steps)| *steps)?;
    (steps <= 1.max(name.len() / 3)).then_some(near)
}

fn table_name(path: &str) -> String {
    if path.is_empty() { "the file".to_owned() } else { format!("`{path}`") }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn article(name: &str) -> String {
    if name.starts_with(['a', 'e', 'i', 'o', 'u']) { format!("an {name}") } else { format!("a {name}") }
}
