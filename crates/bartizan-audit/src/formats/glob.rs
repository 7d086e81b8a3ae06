//! Names with wildcards, as `include` has them in nginx and Apache.

use std::path::{Path, PathBuf};

use crate::tree::Tree;

/// Whether a name has wildcards.
pub(crate) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// Returns the files that a name means, sorted; a name without wildcards only if its file is there.
///
/// An absolute name is looked for below the tree's own directory first, then from the tree's root.
pub(crate) fn files(tree: &Tree, folder: &Path, name: &str) -> Vec<PathBuf> {
    let path = folder.join(name);
    let inside = tree.directory().and_then(|root| path.strip_prefix(root).ok()).unwrap_or(&path);
    if !is_pattern(name) {
        return if tree.has(inside) || climbs(inside) { vec![inside.to_owned()] } else { Vec::new() };
    }
    let mut found = vec![PathBuf::new()];
    let parts: Vec<_> = inside.iter().filter_map(|part| part.to_str()).filter(|part| *part != "/").collect();
    for (at, part) in parts.iter().enumerate() {
        let is_last = at + 1 == parts.len();
        let mut next = Vec::new();
        for folder in &found {
            if !is_pattern(part) {
                next.push(folder.join(part));
                continue;
            }
            let names = if is_last { tree.names(folder) } else { tree.folders(folder) };
            // As in a shell, a wildcard does not stand for the dot of a hidden file.
            let is_seen = |name: &&String| !name.starts_with('.') || part.starts_with('.');
            next.extend(names.iter().filter(is_seen).filter(|name| is_match(part, name)).map(|name| folder.join(name)));
        }
        next.truncate(MOST);
        found = next;
    }
    found.retain(|path| tree.has(path) || climbs(path));
    found.sort();
    found
}

/// Whether a path leads above the tree: reading it says so.
fn climbs(path: &Path) -> bool {
    path.components().any(|part| part == std::path::Component::ParentDir)
}

/// Whether a name matches a pattern with `*`, `?` and `[…]`.
pub(crate) fn is_match(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where to go on when the last star takes one character more.
    let mut star: Option<(usize, usize)> = None;
    loop {
        let step = match (pattern.get(p), name.get(n)) {
            (Some('*'), _) => {
                star = Some((p, n));
                p += 1;
                continue;
            }
            (None, None) => return true,
            (Some('?'), Some(_)) => Some(p + 1),
            (Some('['), Some(c)) => class(&pattern, p, *c),
            (Some(literal), Some(c)) if literal == c => Some(p + 1),
            _ => None,
        };
        match (step, star) {
            (Some(next), _) => (p, n) = (next, n + 1),
            (None, Some((at, taken))) if taken < name.len() => {
                star = Some((at, taken + 1));
                (p, n) = (at + 1, taken + 1);
            }
            (None, _) => return false,
        }
    }
}

/// Where the pattern goes on if the class that begins here has the character.
fn class(pattern: &[char], start: usize, c: char) -> Option<usize> {
    let mut at = start + 1;
    let is_negated = matches!(pattern.get(at), Some('!' | '^'));
    at += usize::from(is_negated);
    let first = at;
    let mut has = false;
    loop {
        let low = *pattern.get(at)?;
        if low == ']' && at > first {
            break;
        }
        let high = match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some('-'), Some(high)) if *high != ']' => {
                at += 2;
                *high
            }
            _ => low,
        };
        has |= (low..=high).contains(&c);
        at += 1;
    }
    (has != is_negated).then_some(at + 1)
}

/// More files than a directory of sites has.
const MOST: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_in_a_shell() {
        for (pattern, name, is_it) in [
            ("*.conf", "a.conf", true),
            ("*.conf", "a.conf.bak", false),
            ("a?c", "abc", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]x", "]x", true),
            ("[", "[", false),
            ("*a*b*c*", "xaxbxcx", true),
            ("*", "", true),
        ] {
            assert_eq!(is_match(pattern, name), is_it, "{pattern} {name}");
        }
        // No exponential time.
        assert!(!is_match(&"*a".repeat(50), &"a".repeat(49)));
    }

    #[test]
    fn folders_may_have_wildcards_too() {
        let tree = Tree::in_memory(
            ["sites/a/x.conf", "sites/b/x.conf", "sites/.c/x.conf", "y.conf"].map(|path| (path.into(), Vec::new())),
        );
        for (pattern, expected) in [
            ("sites/*/x.conf", vec!["sites/a/x.conf", "sites/b/x.conf"]),
            ("/*.conf", vec!["y.conf"]),
            ("y.conf", vec!["y.conf"]),
            ("z.conf", vec![]),
        ] {
            let found = files(&tree, Path::new(""), pattern);
            assert_eq!(found, expected.iter().map(PathBuf::from).collect::<Vec<_>>(), "{pattern}");
        }
    }
}
