//! Files of environment variables, as `docker --env-file`, systemd and dotenv read them, with places.

use std::path::Path;

use bartizan_rules::facts::setting::{Carrier, Variable, Variables};

use crate::{ReadError, Source, Tree};

/// Reads a file of variables from a tree, and whether anybody on the machine may read it.
///
/// # Errors
///
/// When it is absent, outside, too large or not readable.
pub fn read_file(tree: &Tree, path: &Path) -> Result<Variables, ReadError> {
    let source = tree.read(path)?;
    Ok(Variables { is_world_readable: is_readable_by_all(tree, path), ..read(&source) })
}

/// Whether anybody on the machine may read a file; not so where that is not known.
pub(super) fn is_readable_by_all(tree: &Tree, path: &Path) -> bool {
    let real = tree.directory().map(|root| root.join(path.strip_prefix("/").unwrap_or(path)));
    real.is_some_and(|real| is_world_readable(&real))
}

#[cfg(unix)]
fn is_world_readable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_world_readable(_: &Path) -> bool {
    false
}

/// Reads a file of variables. What is no variable is passed over.
pub fn read(source: &Source) -> Variables {
    let text = source.text();
    let mut items = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n').take(MOST) {
        items.extend(variable(source, line.trim_end_matches(['\n', '\r']), start));
        start += line.len();
    }
    Variables { carrier: Carrier::File, items, is_world_readable: false, start: source.place(0..0) }
}

fn variable(source: &Source, line: &str, start: usize) -> Option<Variable> {
    let bare = line.trim_start();
    let indent = line.len() - bare.len();
    if bare.starts_with('#') {
        return None;
    }
    let named = bare.strip_prefix("export ").map_or(bare, str::trim_start);
    let (name, value) = named.split_once('=')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    let name = name.trim_end();
    if name.is_empty() || !name.bytes().all(is_name) {
        return None;
    }
    let value_start = start + line.len() - value.len();
    let trimmed = value.trim_start();
    let value_start = value_start + value.len() - trimmed.len();
    let (written, value) = unquote(trimmed);
    Some(Variable {
        name: name.into(),
        value: Some(value.into()),
        at: source.place(start + indent..start + line.len()),
        value_at: source.place(value_start..value_start + written),
    })
}

/// Returns how many bytes a value takes as it is written, and the value: a quoted one ends at its quote, a bare one at a
/// blank and `#`.
fn unquote(text: &str) -> (usize, &str) {
    for quote in ['"', '\''] {
        if let Some((inner, _)) = text.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return (inner.len() + 2, inner);
        }
    }
    let end = text.find(" #").unwrap_or(text.len());
    let value = text.get(..end).unwrap_or(text).trim_end();
    (value.len(), value)
}

/// Lines of one file: hand-written ones have some hundred.
const MOST: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read_with_their_places() {
        for (line, found) in [
            ("A=1", Some(("A", "1", "e:1:3"))),
            ("export A = 'x y' # note", Some(("A", "x y", "e:1:12"))),
            ("A=x # note", Some(("A", "x", "e:1:3"))),
            ("A=\"x#y\"\r\n", Some(("A", "x#y", "e:1:3"))),
            ("# A=1", None),
            ("not a variable", None),
            ("a b=1", None),
        ] {
            let read = read(&Source::new("e", line.as_bytes().to_vec()));
            let item = read.items.first();
            let shown = item.map(|item| (&*item.name, item.value.as_deref().unwrap(), item.value_at.to_string()));
            assert_eq!(shown.as_ref().map(|(name, value, at)| (*name, *value, at.as_str())), found, "{line}");
        }
    }
}
