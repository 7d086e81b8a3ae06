//! The project's own text files, read once for all checks.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::code;

/// Every file that people write.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Sorted by path.
    pub(super) files: Vec<File>,
}

/// One text file; its path starts at the project's root.
#[derive(Debug)]
pub(super) struct File {
    /// Such as `crates/bartizan/src/main.rs`.
    pub(super) path: PathBuf,
    /// As written; empty when it is not UTF-8.
    pub(super) text: String,
    /// For Rust: the text with comments and literals blanked out, line by line the same; else empty.
    pub(super) code: String,
}

impl Tree {
    /// Reads all files below the root but built and fetched ones.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, Path::new(""))?;
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    fn read_folder(&mut self, root: &Path, folder: &Path) -> Result<()> {
        let entries = fs::read_dir(root.join(folder)).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let path = folder.join(&name);
            let kind = entry.file_type()?;
            if kind.is_dir() && !SKIPPED.iter().any(|skipped| name == *skipped) {
                self.read_folder(root, &path)?;
            } else if kind.is_file() {
                let bytes = fs::read(entry.path()).with_context(|| format!("cannot read {}", path.display()))?;
                // What is not UTF-8 is nobody's prose, but it is there: a corpus may be all bytes.
                self.files.push(File::new(path, String::from_utf8(bytes).unwrap_or_default()));
            }
        }
        Ok(())
    }
}

impl File {
    /// Takes a file's text; Rust is also read as code.
    pub(super) fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        let code = if path.extension().is_some_and(|extension| extension == "rs") {
            code::without_prose(&text)
        } else {
            String::new()
        };
        Self { path, text, code }
    }

    /// Whether it is Rust that the project builds, not a test's data.
    pub(super) fn is_rust(&self) -> bool {
        self.path.extension().is_some_and(|extension| extension == "rs") && !self.is_data()
    }

    /// Whether it is a test's input or recorded output, in which any byte may be on purpose.
    pub(super) fn is_data(&self) -> bool {
        ["fixtures", "vectors", "snapshots", "corpus"].iter().any(|folder| self.has_folder(folder))
    }

    /// Whether a folder of this name is on its way.
    pub(super) fn has_folder(&self, name: &str) -> bool {
        self.path.parent().is_some_and(|folder| folder.iter().any(|part| part == name))
    }
}

/// Folders with nothing written by hand in them.
static SKIPPED: &[&str] = &[".git", "__pycache__", "artifacts", "node_modules", "target"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_files_are_left_out_and_bytes_have_no_text() {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in [
            ("src/lib.rs", b"//! Words.\n".as_slice()),
            ("target/debug/out.rs", b"//! Built.\n"),
            ("logo.png", b"\x89PNG\xff"),
            (".ci/run", b"#!/bin/sh\n"),
        ] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let tree = Tree::read(root.path()).unwrap();
        let found: Vec<_> = tree.files.iter().map(|file| (file.path.to_str().unwrap(), file.text.as_str())).collect();
        assert_eq!(found, [(".ci/run", "#!/bin/sh\n"), ("logo.png", ""), ("src/lib.rs", "//! Words.\n")]);
    }

    #[test]
    fn data_is_told_by_its_folder() {
        for (path, is_rust) in [
            ("crates/a/src/lib.rs", true),
            ("crates/a/tests/wire.rs", true),
            ("crates/a/tests/fixtures/x.rs", false), // a sample, not code
            ("crates/a/src/fixtures.rs", true),      // a module, not a folder
            ("README.md", false),
        ] {
            assert_eq!(File::new(path, "").is_rust(), is_rust, "{path}");
        }
    }
}
