//! A module with children is `name/mod.rs`, so that its folder is whole and moves as one.

use std::path::Path;

use super::Complaint;
use super::tree::Tree;

/// Complains about `name.rs` beside a folder `name/`.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let is_module = |path: &Path| path.iter().any(|part| part == "src");
    let sources = || tree.files.iter().filter(|file| file.is_rust() && is_module(&file.path));
    sources()
        .filter(|file| sources().any(|child| child.path.parent() == Some(&file.path.with_extension(""))))
        .map(|file| {
            let folder = file.path.with_extension("");
            Complaint::new(&file.path, 1, format!("has children: belongs at {}/mod.rs", folder.display()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::File;
    use super::*;

    #[test]
    fn a_module_lies_in_its_folder() {
        for (paths, complaints) in [
            (["crates/a/src/csp/mod.rs", "crates/a/src/csp/parse.rs"], 0),
            (["crates/a/src/csp.rs", "crates/a/src/csp/parse.rs"], 1),
            (["crates/a/src/csp.rs", "crates/b/src/csp/parse.rs"], 0), // another crate's folder
            (["crates/a/tests/wire.rs", "crates/a/tests/wire/h1.rs"], 0), // a test is a crate, not a module
        ] {
            let tree = Tree { files: paths.iter().map(|path| File::new(*path, "")).collect() };
            assert_eq!(check(&tree).len(), complaints, "{paths:?}");
        }
    }
}
