//! No module is named after nothing: such a name attracts everything that has no place.

use super::Complaint;
use super::tree::Tree;

/// Names that do not say what is inside.
static BANNED: &[&str] = &["common", "helper", "helpers", "manager", "misc", "types", "util", "utils"];

/// Complains about files, folders and inline modules with such a name.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.files.iter().filter(|file| file.is_rust()) {
        let stem = file.path.file_stem().into_iter();
        let folders = file.path.parent().into_iter().flat_map(|folder| folder.iter());
        for part in folders.chain(stem).filter_map(|part| part.to_str()) {
            if BANNED.contains(&part) {
                complaints.push(Complaint::new(&file.path, 1, format!("`{part}` says nothing: name it by its noun")));
            }
        }
        for (at, line) in file.code.lines().enumerate() {
            if let Some(name) = inline_module(line).filter(|name| BANNED.contains(name)) {
                complaints.push(Complaint::new(&file.path, at + 1, format!("module `{name}` says nothing")));
            }
        }
    }
    complaints
}

/// The name of the module whose body opens on this line.
fn inline_module(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| *word != "mod").skip(1);
    let name = words.next()?;
    words.next().filter(|word| word.starts_with('{')).map(|_| name)
}

#[cfg(test)]
mod tests {
    use super::super::tree::File;
    use super::*;

    #[test]
    fn names_that_say_nothing_are_refused() {
        for (path, text, is_fine) in [
            ("crates/a/src/cookie.rs", "", true),
            ("crates/a/src/utils.rs", "", false),
            ("crates/a/src/helpers/mod.rs", "", false),
            ("crates/a/src/content_types.rs", "", true), // says which types
            ("crates/a/src/lib.rs", "pub(crate) mod misc {\n}\n", false),
            ("crates/a/src/lib.rs", "// mod misc {\n", true), // a comment
            ("docs/common.md", "", true),                     // prose, not a module
        ] {
            let tree = Tree { files: vec![File::new(path, text)] };
            assert_eq!(check(&tree).is_empty(), is_fine, "{path}: {text}");
        }
    }
}
