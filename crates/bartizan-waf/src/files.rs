//! Where rule files and the data files that they name come from: the disk, or a map in tests and fuzz targets.

use std::collections::BTreeMap;
use std::fmt::Debug;
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
