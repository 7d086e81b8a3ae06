//! Where rule files and the data files that they name come from: the disk, or a map in tests and fuzz targets.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A place that files are read from.
pub trait Files: Debug {
    /// Returns the content of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Returns the paths directly inside a folder, in any order.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
}

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
    }
}

/// Files in memory, by path.
impl Files for BTreeMap<PathBuf, Vec<u8>> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.keys().filter(|path| path.parent() == Some(folder)).cloned().collect())
    }
}

/// Files that are noted as they are read, so that whoever read them can tell later whether any of them has changed.
#[derive(Debug)]
pub struct Noted<'a> {
    files: &'a dyn Files,
    seen: RefCell<Vec<Seen>>,
}

/// What was read, and a mark of what was there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs(Vec<Seen>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    path: PathBuf,
    kind: Kind,
    /// None where there was nothing to read.
    mark: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
}

impl<'a> Noted<'a> {
    /// Notes what is read of these files.
    pub fn new(files: &'a dyn Files) -> Self {
        Self { files, seen: RefCell::default() }
    }

    /// Returns what was read.
    pub fn into_inputs(self) -> Inputs {
        Inputs(self.seen.into_inner())
    }

    fn note(&self, path: &Path, kind: Kind, mark: Option<u64>) {
        let seen = Seen { path: path.to_owned(), kind, mark };
        let mut all = self.seen.borrow_mut();
        if !all.contains(&seen) {
            all.push(seen);
        }
    }
}

impl Files for Noted<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let content = self.files.read(path);
        self.note(path, Kind::File, content.as_ref().ok().map(mark));
        content
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let paths = self.files.list(folder);
        self.note(folder, Kind::Folder, paths.as_ref().ok().map(|paths| mark_of_folder(paths)));
        paths
    }
}

impl Inputs {
    /// Whether all is there as it was.
    pub fn are_unchanged(&self, files: &dyn Files) -> bool {
        self.0.iter().all(|seen| {
            let mark = match seen.kind {
                Kind::File => files.read(&seen.path).ok().as_ref().map(mark),
                Kind::Folder => files.list(&seen.path).ok().map(|paths| mark_of_folder(&paths)),
            };
            mark == seen.mark
        })
    }
}

/// The names in a folder, in whatever order they are told.
fn mark_of_folder(paths: &[PathBuf]) -> u64 {
    let mut names: Vec<_> = paths.iter().collect();
    names.sort();
    mark(&names)
}

/// The files are the operator's own: nobody makes two that are told apart by nothing.
fn mark(content: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

/// Files as a rule file sees them: a relative name begins at that file's folder.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The folder of the rule file.
    pub folder: &'a Path,
    /// Where files come from.
    pub files: &'a dyn Files,
}

impl crate::operators::Files for Beside<'_> {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.files.read(&self.folder.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_what_was_read_is_told() {
        let path = |name: &str| PathBuf::from(format!("/rules/{name}"));
        let files: BTreeMap<_, _> = [(path("a"), b"one".to_vec()), (path("b"), b"two".to_vec())].into();
        let noted = Noted::new(&files);
        noted.read(&path("a")).unwrap();
        noted.read(&path("none")).unwrap_err();
        noted.list(Path::new("/rules")).unwrap();
        let inputs = noted.into_inputs();
        assert!(inputs.are_unchanged(&files));
        for (name, content, is_changed) in [
            ("b", Some("three"), false), // it was not read
            ("a", Some("three"), true),
            ("a", None, true),
            ("none", Some(""), true),
            ("c", Some(""), true),
        ] {
            let mut files = files.clone();
            match content {
                Some(content) => files.insert(path(name), content.into()),
                None => files.remove(&path(name)),
            };
            assert_eq!(!inputs.are_unchanged(&files), is_changed, "{name}");
        }
    }
}
