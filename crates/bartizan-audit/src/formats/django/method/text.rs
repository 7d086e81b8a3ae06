//! Methods of texts.

use std::rc::Rc;

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Span, Value};

/// What texts have.
pub(super) const NAMES: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

pub(super) fn call(
    machine: &mut Machine<'_>,
    text: &Rc<str>,
    object: &Value,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome<Option<Value>> {
    machine.spend(1 + text.len() / 32)?;
    // A text made of another one by trimming or by case is still written where the other is.
    let same = |changed: &str| Ok(Some(Value::text(changed, object.origin)));
    let truth = |yes: bool| Ok(Some(Value::new(Kind::Bool(yes), at)));
    let first = arguments.positional.first();
    if arguments.positional.iter().any(Value::is_unknown) {
        return Ok(None);
    }
    let argument = first.and_then(|value| value.as_text().cloned());
    match name {
        "lower" | "casefold" => same(&text.to_lowercase()),
        "upper" => same(&text.to_uppercase()),
        "capitalize" | "title" => same(&capitalized(text, name == "title")),
        "swapcase" => {
            let swap = |c: char| {
                if c.is_uppercase() { c.to_lowercase().collect::<String>() } else { c.to_uppercase().collect() }
            };
            same(&text.chars().map(swap).collect::<String>())
        }
        "strip" | "lstrip" | "rstrip" => {
            let is_cut = |c: char| argument.as_ref().map_or_else(|| c.is_whitespace(), |set| set.contains(c));
            same(match name {
                "strip" => text.trim_matches(is_cut),
                "lstrip" => text.trim_start_matches(is_cut),
                _ => text.trim_end_matches(is_cut),
            })
        }
        "removeprefix" => same(argument.as_deref().and_then(|part| text.strip_prefix(part)).unwrap_or(text)),
        "removesuffix" => same(argument.as_deref().and_then(|part| text.strip_suffix(part)).unwrap_or(text)),
        "startswith" | "endswith" => {
            let Some(first) = first else { return Ok(None) };
            let parts = match &first.kind {
                Kind::Tuple(parts) => parts.to_vec(),
                Kind::Text(_) => vec![first.clone()],
                _ => {
                    let message = format!("{name} first arg must be str or a tuple of str, not {}", first.type_name());
                    return machine.raise("TypeError", message, at);
                }
            };
            let fits = |part: &Value| {
                part.as_text().is_some_and(|part| match name {
                    "startswith" => text.starts_with(&**part),
                    _ => text.ends_with(&**part),
                })
            };
            truth(parts.iter().any(fits))
        }
        "split" | "rsplit" => {
            let separator = arguments.text(0, "sep");
            let most = arguments.get(1, "maxsplit").and_then(Value::as_int).and_then(|most| usize::try_from(most).ok());
            if separator.as_deref() == Some("") {
                return machine.raise("ValueError", "empty separator", at);
            }
            let parts = split(text, separator.as_deref(), most, name == "rsplit");
            machine.spend(parts.len())?;
            let parts = parts.into_iter().map(|part| Value::text(part, object.origin).from(&object.variables));
            Ok(Some(Value::list(parts.collect(), at)))
        }
        "splitlines" => {
            let lines = text.lines().map(|line| Value::text(line, object.origin).from(&object.variables));
            Ok(Some(Value::list(lines.collect(), at)))
        }
        "partition" | "rpartition" => {
            let Some(separator) = argument.filter(|separator| !separator.is_empty()) else { return Ok(None) };
            let found = if name == "partition" { text.split_once(&*separator) } else { text.rsplit_once(&*separator) };
            let parts = match (found, name) {
                (Some((before, after)), _) => [before, &*separator, after],
                (None, "partition") => [&**text, "", ""],
                (None, _) => ["", "", &**text],
            };
            Ok(Some(Value::tuple(parts.into_iter().map(|part| Value::text(part, object.origin)).collect(), at)))
        }
        "replace" => {
            let (Some(old), Some(new)) = (argument, arguments.text(1, "new")) else { return Ok(None) };
            let count = arguments.get(2, "count").and_then(Value::as_int).and_then(|count| usize::try_from(count).ok());
            machine.spend(text.len().saturating_mul(new.len() + 1) / 16)?;
            let changed = match count {
                Some(count) => text.replacen(&*old, &new, count),
                None => text.replace(&*old, &new),
            };
            Ok(Some(Value::text(&changed, object.origin)))
        }
        "join" => {
            let Some(first) = first else { return Ok(None) };
            let Some(items) = machine.items(first, at)? else { return Ok(None) };
            let mut parts = Vec::new();
            let mut value = Value::text("", at);
            for item in &items {
                value = value.from(&item.variables);
                match item.as_text() {
                    Some(part) => parts.push(part.clone()),
                    None if item.is_unknown() => return Ok(None),
                    None => {
                        let message = format!("sequence item: expected str instance, {} found", item.type_name());
                        return machine.raise("TypeError", message, at);
                    }
                }
            }
            let length = parts.iter().map(|part| part.len() + text.len()).sum::<usize>();
            machine.spend(length / 16)?;
            Ok(Some(Value { kind: Kind::Text(parts.join(&**text).into()), ..value }))
        }
        "format" => machine.format(text, arguments, at).map(Some),
        "encode" => Ok(Some(Value::new(Kind::Bytes(text.as_bytes().into()), object.origin))),
        "count" => {
            let Some(part) = argument.filter(|part| !part.is_empty()) else { return Ok(None) };
            Ok(Some(Value::new(Kind::Int(text.matches(&*part).count() as i128), at)))
        }
        "find" | "index" | "rfind" | "rindex" => {
            let Some(part) = argument else { return Ok(None) };
            let byte = if name.starts_with('r') { text.rfind(&*part) } else { text.find(&*part) };
            match byte {
                Some(byte) => {
                    let index = text.get(..byte).unwrap_or_default().chars().count();
                    Ok(Some(Value::new(Kind::Int(index as i128), at)))
                }
                None if name.ends_with("find") => Ok(Some(Value::new(Kind::Int(-1), at))),
                None => machine.raise("ValueError", "substring not found", at),
            }
        }
        "zfill" | "ljust" | "rjust" | "center" => {
            let width = first.and_then(Value::as_int).and_then(|width| usize::try_from(width).ok()).unwrap_or(0);
            let length = text.chars().count();
            let missing = width.saturating_sub(length);
            machine.spend(missing)?;
            let fill = match name {
                "zfill" => "0".to_owned(),
                _ => arguments.text(1, "fillchar").map_or_else(|| " ".to_owned(), |fill| fill.to_string()),
            };
            Ok(Some(Value::text(
                &match name {
                    "zfill" | "rjust" => fill.repeat(missing) + text,
                    "ljust" => text.to_string() + &fill.repeat(missing),
                    _ => fill.repeat(missing / 2) + text + &fill.repeat(missing - missing / 2),
                },
                object.origin,
            )))
        }
        "isdigit" | "isnumeric" | "isdecimal" => truth(all(text, char::is_numeric)),
        "isalpha" => truth(all(text, char::is_alphabetic)),
        "isalnum" => truth(all(text, char::is_alphanumeric)),
        "isspace" => truth(all(text, char::is_whitespace)),
        "isascii" => truth(text.is_ascii()),
        "isupper" => truth(text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)),
        "islower" => truth(text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase)),
        "istitle" => truth(**text == *capitalized(text, true) && text.chars().any(char::is_alphabetic)),
        "expandtabs" if !text.contains('\t') => same(text),
        "isidentifier" => {
            truth(!text.starts_with(|c: char| c.is_numeric()) && all(text, |c| c.is_alphanumeric() || c == '_'))
        }
        _ => Ok(None),
    }
}

fn all(text: &str, is: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(is)
}

fn capitalized(text: &str, every_word: bool) -> String {
    let mut result = String::new();
    let mut starts = true;
    for character in text.chars() {
        if starts && character.is_alphabetic() {
            result.extend(character.to_uppercase());
        } else {
            result.extend(character.to_lowercase());
        }
        starts = every_word && !character.is_alphabetic();
    }
    result
}

/// Splits as Python does: at a separator, or at runs of blanks.
fn split<'t>(text: &'t str, separator: Option<&str>, most: Option<usize>, from_end: bool) -> Vec<&'t str> {
    let Some(separator) = separator else {
        let words: Vec<&str> = text.split_whitespace().collect();
        let Some(most) = most.filter(|most| words.len() > most + 1) else { return words };
        // The last part keeps its blanks: it is what follows the last split.
        let start_of = |word: &&str| (word.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        if from_end {
            let end = words.get(words.len() - most - 1).map_or(0, |word| start_of(word) + word.len());
            let mut parts = vec![text.get(..end).unwrap_or(text).trim_start()];
            parts.extend(words.iter().skip(words.len() - most));
            return parts;
        }
        let start = words.get(most).map_or(text.len(), start_of);
        let mut parts: Vec<&str> = words.into_iter().take(most).collect();
        parts.push(text.get(start..).unwrap_or_default().trim_end());
        return parts;
    };
    match (most, from_end) {
        (None, _) => text.split(separator).collect(),
        (Some(most), false) => text.splitn(most + 1, separator).collect(),
        (Some(most), true) => {
            let mut parts: Vec<&str> = text.rsplitn(most + 1, separator).collect();
            parts.reverse();
            parts
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split_as_python_splits_them() {
        for (text, separator, most, from_end, parts) in [
            ("a b  c", None, None, false, &["a", "b", "c"][..]),
            ("", None, None, false, &[]),
            ("", Some(","), None, false, &[""]),
            ("a,b,", Some(","), None, false, &["a", "b", ""]),
            ("a b c ", None, Some(1), false, &["a", "b c"]),
            ("a b c", None, Some(1), true, &["a b", "c"]),
            ("a.b.c", Some("."), Some(1), true, &["a.b", "c"]),
        ] {
            assert_eq!(split(text, separator, most, from_end), parts, "{text}");
        }
    }
}
