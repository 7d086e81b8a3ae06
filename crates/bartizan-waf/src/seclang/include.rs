//! Reading a rule file and all that it includes, in order.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::directive::{self, Directive};
use super::{LoadError, Place, Problem, lexer};
use crate::files::Files;

/// A directive and its place.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Where it stands.
    pub place: Place,
    /// What it says.
    pub directive: Directive,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Read {
    /// The directives, those of included files where `Include` stands.
    pub statements: Vec<Statement>,
    /// What could not be read.
    pub errors: Vec<LoadError>,
}

/// Reads rule files in order; a folder stands for its files ending in `.conf`, by name.
pub fn read(entries: &[PathBuf], files: &dyn Files) -> Read {
    let mut read = Read::default();
    for entry in entries {
        let place = Place { file: Arc::from(entry.as_path()), line: 0 };
        include(entry, &place, 0, files, &mut read);
    }
    read
}

/// Reads rules that stand nowhere else than in `text`; relative paths begin at the folder of `name`.
pub fn read_text(name: &Path, text: &str, files: &dyn Files) -> Read {
    let mut read = Read::default();
    file(name, text, 0, files, &mut read);
    read
}

fn include(pattern: &Path, place: &Place, depth: usize, files: &dyn Files, read: &mut Read) {
    let fail = |problem, read: &mut Read| {
        read.errors.push(LoadError { place: place.clone(), directive: "Include".to_owned(), problem });
    };
    if depth > MAX_DEPTH {
        return fail(Problem::IncludeDepth(MAX_DEPTH), read);
    }
    let text = pattern.to_string_lossy();
    let is_pattern = text.contains(['*', '?', '[']);
    let mut paths = if is_pattern { matching(pattern, files) } else { vec![pattern.to_owned()] };
    if !is_pattern
        && let Ok(mut inside) = files.list(pattern)
        && !inside.is_empty()
    {
        inside.retain(|path| path.extension().is_some_and(|extension| extension == "conf"));
        inside.sort();
        paths = inside;
    }
    if paths.is_empty() {
        return fail(Problem::NoFile(text.into_owned()), read);
    }
    for path in paths {
        match files.read(&path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => file(&path, &text, depth, files, read),
                Err(_) => fail(Problem::NotText, read),
            },
            Err(source) => fail(Problem::Io { path, source: Arc::new(source) }, read),
        }
    }
}

fn file(path: &Path, text: &str, depth: usize, files: &dyn Files, read: &mut Read) {
    let name: Arc<Path> = Arc::from(path);
    for line in lexer::lines(text) {
        if read.statements.len() >= MAX_STATEMENTS || read.errors.len() >= MAX_ERRORS {
            return;
        }
        let (number, word, parsed) = match line {
            Ok(line) => {
                let word = line.words.first().cloned().unwrap_or_default();
                (line.number, word, directive::parse(&line.words))
            }
            Err((number, word, problem)) => (number, word, Err(problem)),
        };
        let place = Place { file: Arc::clone(&name), line: number };
        match parsed {
            Ok(Directive::Include(pattern)) => {
                let folder = path.parent().unwrap_or(Path::new(""));
                include(&folder.join(pattern), &place, depth + 1, files, read);
            }
            Ok(directive) => read.statements.push(Statement { place, directive }),
            Err(problem) => read.errors.push(LoadError { place, directive: word, problem }),
        }
    }
}

/// The files that a pattern names, by name; `*`, `?` and `[...]` do not match across folders.
fn matching(pattern: &Path, files: &dyn Files) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for component in pattern.components() {
        let Component::Normal(name) = component else {
            found.iter_mut().for_each(|path| path.push(component));
            continue;
        };
        let name = name.to_string_lossy();
        if !name.contains(['*', '?', '[']) {
            found.iter_mut().for_each(|path| path.push(&*name));
            continue;
        }
        let mut next = Vec::new();
        for folder in found {
            let Ok(inside) = files.list(&folder) else { continue };
            next.extend(inside.into_iter().filter(|path| {
                let last = path.file_name().map(|last| last.to_string_lossy().into_owned()).unwrap_or_default();
                // A hidden file is not meant by a star, as in every shell.
                (!last.starts_with('.') || name.starts_with('.')) && glob(name.as_bytes(), last.as_bytes())
            }));
        }
        next.sort();
        found = next;
    }
    found
}

/// One star is remembered at a time, so that the time is at most the product of both lengths.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < name.len() {
        let step = pattern.get(at).and_then(|&first| match first {
            b'*' => None,
            b'?' => Some(at + 1),
            b'[' => set(&pattern[at + 1..], name[from]).map(|length| at + 1 + length),
            byte => (byte == name[from]).then_some(at + 1),
        });
        if let Some(next) = step {
            at = next;
            from += 1;
        } else if pattern.get(at) == Some(&b'*') {
            star = Some((at, from));
            at += 1;
        } else if let Some((star_at, star_from)) = star {
            star = Some((star_at, star_from + 1));
            at = star_at + 1;
            from = star_from + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

/// Returns the length of the set up to its bracket when the byte is in it.
fn set(pattern: &[u8], byte: u8) -> Option<usize> {
    let end = pattern.iter().skip(1).position(|&byte| byte == b']')? + 1;
    let (negated, mut members) = match pattern.first() {
        Some(b'!' | b'^') => (true, &pattern[1..end]),
        _ => (false, &pattern[..end]),
    };
    let mut is_member = false;
    while let Some((&first, rest)) = members.split_first() {
        if let [b'-', last, ..] = rest {
            is_member |= (first..=*last).contains(&byte);
            members = &rest[2..];
        } else {
            is_member |= first == byte;
            members = rest;
        }
    }
    (is_member != negated).then_some(end + 1)
}

/// Deeper trees of files are loops.
const MAX_DEPTH: usize = 16;
/// CRS with all plugins has a thousand; ten times the largest public collections.
const MAX_STATEMENTS: usize = 200_000;
/// Whoever loads a wrong kind of file wants to hear it, not each of its lines.
const MAX_ERRORS: usize = 500;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn globs_match_names() {
        for (pattern, name, expected) in [
            ("*.conf", "a.conf", true),
            ("*.conf", "a.conf.example", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[a-c]*", "bx", true),
            ("[!a-c]*", "bx", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
        ] {
            assert_eq!(glob(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn included_files_stand_where_they_are_included() {
        let files: BTreeMap<PathBuf, Vec<u8>> = [
            ("/r/main.conf", "SecMarker A\nInclude rules/*.conf\nSecMarker D"),
            ("/r/rules/2.conf", "SecMarker C"),
            ("/r/rules/1.conf", "SecMarker B"),
            ("/r/rules/3.data", "SecMarker X"),
        ]
        .into_iter()
        .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()))
        .collect();
        let read = read(&["/r/main.conf".into()], &files);
        assert!(read.errors.is_empty(), "{:?}", read.errors);
        let markers: Vec<_> = read.statements.iter().map(|statement| format!("{:?}", statement.directive)).collect();
        assert_eq!(markers, [r#"Marker("A")"#, r#"Marker("B")"#, r#"Marker("C")"#, r#"Marker("D")"#]);
    }

    #[test]
    fn a_loop_is_an_error() {
        let files: BTreeMap<PathBuf, Vec<u8>> = [(PathBuf::from("/a.conf"), b"Include a.conf".to_vec())].into();
        let read = read(&["/a.conf".into()], &files);
        assert!(matches!(read.errors[0].problem, Problem::IncludeDepth(_)));
    }
}
