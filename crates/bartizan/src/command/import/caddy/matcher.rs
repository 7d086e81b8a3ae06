//! Matchers: which requests a directive is about, as a path of ours.

use bartizan_rules::facts::blocks::At;

/// Which requests a directive is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Which {
    /// All of them.
    All,
    /// Those of these methods, of all paths.
    Methods { named: Vec<String>, is_inverted: bool },
    /// It cannot be said here.
    Other,
    /// Those below these paths.
    Paths(Vec<Path>),
}

/// A path, and whether the matcher meant exactly it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) prefix: String,
    pub(super) is_exact: bool,
}

/// Returns which requests a directive is about, and where its other words begin.
pub(super) fn of(node: At<'_>) -> (Which, usize) {
    match node.arg(0) {
        Some("*") => (Which::All, 1),
        Some(word) if word.starts_with('@') => (named(node, word), 1),
        Some(word) if word.starts_with('/') => (path(word).map_or(Which::Other, |path| Which::Paths(vec![path])), 1),
        _ => (Which::All, 0),
    }
}

/// Whether a directive is about the addresses of visitors, or about who is not one of some.
pub(super) fn lets_some_in(node: At<'_>) -> bool {
    let is_it = |word: &str| matches!(word, "remote_ip" | "client_ip" | "not");
    let definition = node.arg(0).and_then(|name| definition(node, name));
    definition.is_some_and(|definition| {
        let inner = definition.descendants();
        definition.args().any(is_it) || inner.iter().any(|child| is_it(child.name()) || child.args().any(is_it))
    })
}

/// Returns the paths that a matcher of several parts is limited to; none is every path.
pub(super) fn paths_among(node: At<'_>) -> Vec<String> {
    let definition = node.arg(0).and_then(|name| definition(node, name));
    let Some(part) = definition.and_then(|definition| definition.last("path")) else { return Vec::new() };
    let paths: Option<Vec<_>> = part.args().map(path).collect();
    paths.unwrap_or_default().into_iter().map(|path| path.prefix).collect()
}

/// Returns where a matcher is defined, in the nearest block around what uses it.
fn definition<'a>(node: At<'a>, name: &str) -> Option<At<'a>> {
    node.parents().find_map(|scope| scope.children().find(|child| child.name() == name))
}

fn named(node: At<'_>, name: &str) -> Which {
    let Some(definition) = definition(node, name) else { return Which::Other };
    let mut parts: Vec<Vec<&str>> = Vec::new();
    if definition.words().is_empty() {
        for child in definition.children() {
            parts.push(std::iter::once(child.name()).chain(child.args()).collect());
        }
    } else {
        parts.push(definition.args().collect());
    }
    match parts.as_slice() {
        [part] => match part.as_slice() {
            ["path", paths @ ..] => {
                let paths: Option<Vec<_>> = paths.iter().map(|word| path(word)).collect();
                paths.map_or(Which::Other, Which::Paths)
            }
            ["method", methods @ ..] => Which::Methods { named: upper(methods), is_inverted: false },
            ["not", "method", methods @ ..] => Which::Methods { named: upper(methods), is_inverted: true },
            _ => Which::Other,
        },
        _ => Which::Other,
    }
}

fn upper(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| word.to_ascii_uppercase()).collect()
}

/// `/a/*` and `/a*` are prefixes; a star elsewhere is a pattern.
fn path(word: &str) -> Option<Path> {
    let (prefix, is_exact) = match word.strip_suffix('*') {
        Some(prefix) => (prefix, false),
        None => (word, true),
    };
    let is_plain = prefix.starts_with('/') && !prefix.contains(['*', '{']);
    is_plain.then(|| Path { prefix: prefix.to_owned(), is_exact })
}

#[cfg(test)]
mod tests {
    use bartizan_audit::formats::caddy;

    use super::*;

    #[test]
    fn matchers_are_paths_or_methods() {
        let paths = |paths: &[(&str, bool)]| {
            Which::Paths(
                paths.iter().map(|(path, is_exact)| Path { prefix: (*path).to_owned(), is_exact: *is_exact }).collect(),
            )
        };
        for (text, expected) in [
            ("respond 403", Which::All),
            ("respond * 403", Which::All),
            ("respond /a/* 403", paths(&[("/a/", false)])),
            ("respond /a 403", paths(&[("/a", true)])),
            ("@x path /a* /b\nrespond @x 403", paths(&[("/a", false), ("/b", true)])),
            ("@x {\n path /a/*\n}\nrespond @x 403", paths(&[("/a/", false)])),
            ("@x {\n path /a/*\n method GET\n}\nrespond @x 403", Which::Other),
            ("@x not method get\nrespond @x 405", Which::Methods { named: vec!["GET".to_owned()], is_inverted: true }),
            ("respond @y 403", Which::Other),
            ("respond /a/*/b 403", Which::Other),
        ] {
            let reading = caddy::read_text(&format!("a.example {{\n{text}\n}}\n"));
            let node = reading.value.named("respond").next().unwrap();
            assert_eq!(of(node).0, expected, "{text}");
        }
    }
}
