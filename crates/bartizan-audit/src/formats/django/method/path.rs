//! Methods of paths and of open files.

use std::rc::Rc;

use super::super::evaluate::{Arguments, Machine, Outcome, join_path};
use super::super::library::files;
use super::super::value::{Kind, Span, Value};

pub(super) fn call(
    machine: &mut Machine<'_>,
    path: &Rc<str>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Outcome<Option<Value>> {
    let as_path = |path: &str| Ok(Some(Value::new(Kind::Path(files::clean(path)), at)));
    match name {
        "resolve" | "absolute" => as_path(&files::absolute(path)),
        "expanduser" => {
            Ok(if path.starts_with('~') { None } else { Some(Value::new(Kind::Path(Rc::clone(path)), at)) })
        }
        "joinpath" => {
            let parts: Option<Vec<Rc<str>>> = arguments.positional.iter().map(|part| part.as_text().cloned()).collect();
            let Some(parts) = parts else { return Ok(None) };
            as_path(&parts.into_iter().fold(Rc::clone(path), |base, part| join_path(&base, &part)))
        }
        "read_text" => machine.read_text(path, at).map(Some),
        "read_bytes" => {
            Ok(machine.read_text(path, at)?.as_text().map(|text| Value::new(Kind::Bytes(text.as_bytes().into()), at)))
        }
        "open" => {
            machine.read_text(path, at)?;
            Ok(Some(Value::new(Kind::File(Rc::clone(path)), at)))
        }
        "exists" | "is_file" | "is_dir" => files::exists(machine, path, name == "is_dir", at).map(Some),
        "with_name" | "with_suffix" | "with_stem" => {
            let Some(part) = arguments.text(0, "name").or_else(|| arguments.text(0, "suffix")) else { return Ok(None) };
            let (stem, suffix) = halves(path);
            let name = match name {
                "with_name" => part.to_string(),
                "with_suffix" => format!("{stem}{part}"),
                _ => format!("{part}{suffix}"),
            };
            as_path(&join_path(files::parent(path), &name))
        }
        "glob" | "iterdir" => {
            let pattern = arguments.text(0, "pattern").unwrap_or_else(|| Rc::from("*"));
            let Some(folder) = files::inside(&files::absolute(path)) else { return Ok(None) };
            let base = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            let Some(found) = files::glob(machine, &format!("{base}{pattern}")) else { return Ok(None) };
            let shown = |found: String| {
                let name = found.strip_prefix(&base).unwrap_or(&found);
                Value::new(Kind::Path(join_path(path, name)), at)
            };
            Ok(Some(Value::list(found.into_iter().map(shown).collect(), at)))
        }
        "relative_to" => {
            let Some(base) = arguments.text(0, "other") else { return Ok(None) };
            match path.strip_prefix(base.trim_end_matches('/')) {
                Some("") => as_path("."),
                Some(rest) if rest.starts_with('/') => as_path(rest.trim_start_matches('/')),
                _ => Ok(None),
            }
        }
        "as_posix" | "__str__" | "__fspath__" => Ok(Some(Value::text(path, at))),
        "is_absolute" => Ok(Some(Value::new(Kind::Bool(path.starts_with('/')), at))),
        "mkdir" | "touch" | "write_text" => Ok(Some(Value::new(Kind::None, at))),
        // django-environ's own paths are called, and have a method for joining.
        "path" => {
            let Some(part) = arguments.text(0, "path") else { return Ok(None) };
            as_path(&join_path(path, &part))
        }
        _ => Ok(None),
    }
}

/// Returns an attribute of a path.
pub(super) fn property(path: &Rc<str>, name: &str, at: Span) -> Option<Value> {
    let text = |text: &str| Some(Value::text(text, at));
    let (stem, suffix) = halves(path);
    match name {
        "parent" => Some(Value::new(Kind::Path(Rc::from(files::parent(path))), at)),
        "parents" => {
            let mut parents = Vec::new();
            let mut current: &str = path;
            while !matches!(current, "" | "/") && parents.len() < 100 {
                current = files::parent(current);
                parents.push(Value::new(Kind::Path(Rc::from(current)), at));
            }
            Some(Value::tuple(parents, at))
        }
        "name" => text(path.rsplit('/').next().unwrap_or(path)),
        "stem" => text(stem),
        "suffix" => text(suffix),
        "suffixes" => {
            let name = path.rsplit('/').next().unwrap_or(path).trim_start_matches('.');
            let suffixes = name.split('.').skip(1).map(|part| Value::text(&format!(".{part}"), at));
            Some(Value::list(suffixes.collect(), at))
        }
        "root" => text(path),
        "parts" => {
            let root = path.starts_with('/').then_some("/");
            let parts = root.into_iter().chain(path.split('/').filter(|part| !part.is_empty()));
            Some(Value::tuple(parts.map(|part| Value::text(part, at)).collect(), at))
        }
        _ => None,
    }
}

/// Reads from an open file.
pub(super) fn read(machine: &mut Machine<'_>, path: &Rc<str>, name: &str, at: Span) -> Outcome<Option<Value>> {
    match name {
        "read" => machine.read_text(path, at).map(Some),
        "readline" => {
            let text = machine.read_text(path, at)?;
            Ok(text.as_text().map(|text| Value::text(text.split_inclusive('\n').next().unwrap_or_default(), at)))
        }
        "readlines" => {
            let text = machine.read_text(path, at)?;
            let lines =
                text.as_text().map(|text| text.split_inclusive('\n').map(|line| Value::text(line, at)).collect());
            Ok(lines.map(|lines| Value::list(lines, at)))
        }
        "close" | "__exit__" => Ok(Some(Value::new(Kind::None, at))),
        "__enter__" => Ok(Some(Value::new(Kind::File(Rc::clone(path)), at))),
        _ => Ok(None),
    }
}

/// Returns a file name without its last suffix, and the suffix.
fn halves(path: &str) -> (&str, &str) {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    }
}
