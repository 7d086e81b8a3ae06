//! Which sections are for all that a server has, and in which order they are merged.
//!
//! <https://httpd.apache.org/docs/2.4/sections.html#merging>: directories from short to long, files, locations, `If`.

use crate::facts::blocks::At;

/// When a section is merged; later ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// What stands in no section.
    Server,
    /// A directory, by the number of its parts.
    Directory(usize),
    DirectoryMatch,
    Files,
    /// The pages among the files: what is set there is sent with some.
    Pages,
    Location,
    /// What it asks is not known: what is set there is sent at times.
    If,
}

impl Phase {
    /// Whether what is said there holds for every answer.
    pub(super) const fn is_for_all(self) -> bool {
        !matches!(self, Self::Pages | Self::If)
    }
}

/// Returns when what stands in a section is merged, if the section is for all pages of a server; `root` is where the
/// server has its documents, if that is known.
pub(super) fn phase(section: At<'_>, root: Option<&str>) -> Option<Phase> {
    let words: Vec<_> = section.args().collect();
    let (is_pattern, path) = match words.as_slice() {
        ["~", path, ..] => (true, *path),
        [path, ..] => (false, *path),
        [] => return None,
    };
    match section.name() {
        "directory" if !is_pattern => holds(path, root).then(|| Phase::Directory(path.matches('/').count())),
        "directory" | "directorymatch" => matches_all(path).then_some(Phase::DirectoryMatch),
        "files" if !is_pattern => (path == "*").then_some(Phase::Files),
        "files" | "filesmatch" if matches_all(path) => Some(Phase::Files),
        "files" | "filesmatch" => (path.contains("htm") || path.contains("php")).then_some(Phase::Pages),
        "location" if !is_pattern => (path == "/" || path == "/*").then_some(Phase::Location),
        "location" | "locationmatch" => matches_all(path).then_some(Phase::Location),
        "proxy" => (path == "*").then_some(Phase::Directory(0)),
        "if" | "elseif" | "else" => Some(Phase::If),
        _ => None,
    }
}

/// Whether a directory is the server's, or holds it.
fn holds(path: &str, root: Option<&str>) -> bool {
    let path = path.trim_end_matches('/');
    let is_within = |root: &str| root.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    path.is_empty() || root.is_some_and(is_within)
}

/// Whether a pattern is for every name, as people write that.
pub(super) fn matches_all(pattern: &str) -> bool {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    matches!(
        inner,
        "" | "/" | "." | ".*" | "/.*" | "(.*)" | "/(.*)" | "(/.*)" | "/?(.*)" | "/?" | ".+" | "(.+)" | "/*" | "/?.*"
    ) && !(pattern == "^/$" || pattern == "^$" || pattern == "^/?$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_for_everything_are_known() {
        for (pattern, expected) in [
            ("^", true),
            ("^/", true),
            ("^(.*)$", true),
            (".*", true),
            ("^/?(.*)", true),
            ("^/$", false),
            ("^$", false),
            ("^/old", false),
            ("x", false),
        ] {
            assert_eq!(matches_all(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn a_directory_holds_those_below_it() {
        for (path, root, expected) in [
            ("/", None, true),
            ("/srv", None, false),
            ("/srv", Some("/srv/www"), true),
            ("/srv/", Some("/srv"), true),
            ("/srv/w", Some("/srv/www"), false),
        ] {
            assert_eq!(holds(path, root), expected, "{path} {root:?}");
        }
    }
}
