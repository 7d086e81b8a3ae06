//! The files that may be read: one tree, and nothing outside it.
//!
//! What is audited may be somebody else's. An include that climbs out of the tree, or a link that leads out of it, is
//! told as such and never followed; a file larger than [`LARGEST`] is not read.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use thiserror::Error;

use crate::source::Source;

/// The largest file that is read, in bytes: hand-written configuration stays far below, and a parser's tree is some
/// twenty times its text.
pub const LARGEST: u64 = 4 << 20;

/// The files that may be read.
#[derive(Debug, Clone)]
pub struct Tree {
    files: Files,
    /// Files as they would be after changes, by their names.
    changed: BTreeMap<String, Vec<u8>>,
    /// Files that were read to see what they are, and will be read again as that.
    held: Arc<Mutex<HashMap<PathBuf, Source>>>,
}

#[derive(Debug, Clone)]
enum Files {
    /// Files of a test or of an import, by their path.
    Memory { files: BTreeMap<PathBuf, Vec<u8>>, name: PathBuf },
    /// A directory, by its real path, and the name that the operator gave it.
    Directory { root: PathBuf, name: PathBuf, folders: Folders },
}

/// The real paths of folders that were looked up, by their paths from the root; nothing, where one lies outside.
type Folders = Arc<Mutex<HashMap<PathBuf, Option<PathBuf>>>>;

/// Why a file was not read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no such file.
    #[error("{path} does not exist")]
    Absent {
        /// As it was asked for.
        path: String,
    },
    /// It lies outside of what may be read.
    #[error("{path} lies outside of the tree that is audited, and was not read")]
    Outside {
        /// As it was asked for.
        path: String,
    },
    /// It is larger than [`LARGEST`].
    #[error("{path} has {size} bytes and was not read; the limit is {LARGEST}")]
    TooLarge {
        /// As it was asked for.
        path: String,
        /// Its bytes.
        size: u64,
    },
    /// The system does not let it be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// As it was asked for.
        path: String,
        /// What the system says.
        source: io::Error,
    },
}

impl Tree {
    /// Returns the tree below a directory.
    ///
    /// # Errors
    ///
    /// When the directory cannot be found.
    pub fn open(directory: &Path) -> Result<Self, ReadError> {
        let root = directory.canonicalize().map_err(|error| unreadable(directory, error))?;
        // Where the operator stands needs no name.
        let name = directory.strip_prefix(".").unwrap_or(directory).to_owned();
        Ok(Self {
            files: Files::Directory { root, name, folders: Folders::default() },
            changed: BTreeMap::new(),
            held: Arc::default(),
        })
    }

    /// Returns a tree of files that are already in memory, by their paths without a leading slash.
    pub fn in_memory(files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>) -> Self {
        let clean = |(path, bytes): (PathBuf, Vec<u8>)| Some((inside(&path)?, bytes));
        Self {
            files: Files::Memory { files: files.into_iter().filter_map(clean).collect(), name: PathBuf::new() },
            changed: BTreeMap::new(),
            held: Arc::default(),
        }
    }

    /// Returns the tree below a folder of this one; nothing above that folder can be read.
    pub fn below(&self, folder: &Path) -> Self {
        let relative = inside(folder).unwrap_or_default();
        let files = match &self.files {
            Files::Memory { files, name } => {
                let below = |(path, bytes): (&PathBuf, &Vec<u8>)| {
                    Some((path.strip_prefix(&relative).ok()?.to_owned(), bytes.clone()))
                };
                Files::Memory { files: files.iter().filter_map(below).collect(), name: name.join(&relative) }
            }
            Files::Directory { root, name, .. } => {
                let real = root.join(&relative).canonicalize().ok().filter(|real| real.starts_with(root));
                // A link that leads outside is as good as no folder.
                real.map_or_else(
                    || Files::Memory { files: BTreeMap::new(), name: name.join(&relative) },
                    |root| Files::Directory { root, name: name.join(&relative), folders: Folders::default() },
                )
            }
        };
        Self { files, changed: self.changed.clone(), held: Arc::default() }
    }

    /// Returns a file's name as the operator would write it.
    pub fn shown(&self, path: impl AsRef<Path>) -> String {
        let (Files::Memory { name, .. } | Files::Directory { name, .. }) = &self.files;
        name.join(path).display().to_string()
    }

    /// Has a file be read as it would be after a change, by the name that its source has.
    pub fn change(&mut self, name: &str, bytes: Vec<u8>) {
        self.changed.insert(name.to_owned(), bytes);
    }

    /// Keeps a file that was read, until it is read again.
    pub(crate) fn hold(&self, path: &Path, source: &Source) {
        if let Ok(mut held) = self.held.lock() {
            held.insert(path.to_owned(), source.clone());
        }
    }

    fn held(&self, path: &Path) -> Option<Source> {
        self.held.lock().ok()?.remove(path)
    }

    /// Reads a file by its path from the root; a leading slash means the root.
    ///
    /// # Errors
    ///
    /// When it is absent, outside, too large or not readable.
    pub fn read(&self, path: &Path) -> Result<Source, ReadError> {
        let shown = || path.display().to_string();
        let Some(relative) = inside(path) else { return Err(ReadError::Outside { path: shown() }) };
        let shown_name = self.shown(&relative);
        if let Some(bytes) = self.changed.get(&shown_name) {
            return Ok(Source::new(shown_name, bytes.clone()));
        }
        if let Some(source) = self.held(&relative) {
            return Ok(source);
        }
        match &self.files {
            Files::Memory { files, .. } => match files.get(&relative) {
                None => Err(ReadError::Absent { path: shown() }),
                Some(bytes) if bytes.len() as u64 > LARGEST => {
                    Err(ReadError::TooLarge { path: shown(), size: bytes.len() as u64 })
                }
                Some(bytes) => Ok(Source::new(shown_name, bytes.clone())),
            },
            Files::Directory { root, folders, .. } => {
                let real = real(root, folders, &relative).map_err(|error| unreadable(path, error))?;
                let Some(real) = real else { return Err(ReadError::Outside { path: shown() }) };
                let bytes = read_file(&real, path)?;
                Ok(Source::new(shown_name, bytes))
            }
        }
    }

    /// Whether a file is there and inside.
    pub fn has(&self, path: &Path) -> bool {
        let Some(relative) = inside(path) else { return false };
        match &self.files {
            Files::Memory { files, .. } => files.contains_key(&relative),
            Files::Directory { root, folders, .. } => real(root, folders, &relative).is_ok_and(|real| real.is_some()),
        }
    }

    /// Returns the names of the files directly in a directory, sorted; links that lead outside among them.
    pub fn names(&self, directory: &Path) -> Vec<String> {
        let Some(relative) = inside(directory) else { return Vec::new() };
        let mut names: Vec<String> = match &self.files {
            Files::Memory { files, .. } => {
                let here = files.keys().filter(|path| path.parent() == Some(&relative));
                here.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect()
            }
            Files::Directory { root, .. } => {
                let Ok(entries) = fs::read_dir(root.join(&relative)) else { return Vec::new() };
                let files = entries.flatten().filter(is_file);
                files.filter_map(|entry| entry.file_name().into_string().ok()).collect()
            }
        };
        names.sort_unstable();
        names
    }

    /// Returns the names of the directories directly in a directory, sorted.
    pub fn folders(&self, directory: &Path) -> Vec<String> {
        let Some(relative) = inside(directory) else { return Vec::new() };
        let mut names: Vec<String> = match &self.files {
            Files::Memory { files, .. } => {
                let below = files.keys().filter_map(|path| path.strip_prefix(&relative).ok());
                let folder =
                    |path: &Path| (path.iter().count() > 1).then(|| path.iter().next()?.to_str().map(str::to_owned));
                below.filter_map(folder).flatten().collect()
            }
            Files::Directory { root, .. } => {
                let Ok(entries) = fs::read_dir(root.join(&relative)) else { return Vec::new() };
                // A link may lead to a directory above itself, for ever.
                let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
                entries.flatten().filter(is_folder).filter_map(|entry| entry.file_name().into_string().ok()).collect()
            }
        };
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Returns the real directory, if the tree is one.
    pub fn directory(&self) -> Option<&Path> {
        match &self.files {
            Files::Memory { .. } => None,
            Files::Directory { root, .. } => Some(root),
        }
    }
}

/// Returns a path without its leading slash and its dots; nothing, if it climbs above the root.
fn inside(path: &Path) -> Option<PathBuf> {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => clean.push(name),
            Component::ParentDir if !clean.pop() => return None,
            Component::ParentDir | Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    Some(clean)
}

/// Whether it is a file, or a link to one; only a link has to be looked up.
fn is_file(entry: &fs::DirEntry) -> bool {
    match entry.file_type() {
        Ok(kind) if !kind.is_symlink() => kind.is_file(),
        _ => entry.path().is_file(),
    }
}

/// A file inside, by its real path, and its size.
struct Real {
    path: PathBuf,
    size: u64,
}

/// Looks a file up; nothing, if a link leads outside. A folder has many files, and is looked up once.
fn real(root: &Path, folders: &Folders, relative: &Path) -> io::Result<Option<Real>> {
    let (Some(folder), Some(name)) = (relative.parent(), relative.file_name()) else {
        return Err(io::ErrorKind::IsADirectory.into());
    };
    let known = folders.lock().ok().and_then(|folders| folders.get(folder).cloned());
    let inside = match known {
        Some(inside) => inside,
        None => {
            let inside = Some(root.join(folder).canonicalize()?).filter(|real| real.starts_with(root));
            if let Ok(mut folders) = folders.lock() {
                folders.insert(folder.to_owned(), inside.clone());
            }
            inside
        }
    };
    let Some(folder) = inside else { return Ok(None) };
    let mut path = folder.join(name);
    let mut about = path.symlink_metadata()?;
    if about.is_symlink() {
        path = path.canonicalize()?;
        about = path.symlink_metadata()?;
    }
    if !path.starts_with(root) {
        return Ok(None);
    }
    // Whoever opens a pipe waits until somebody writes.
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    Ok(Some(Real { path, size: about.len() }))
}

fn read_file(real: &Real, asked: &Path) -> Result<Vec<u8>, ReadError> {
    let too_large = |size| ReadError::TooLarge { path: asked.display().to_string(), size };
    if real.size > LARGEST {
        return Err(too_large(real.size));
    }
    let file = File::open(&real.path).map_err(|error| unreadable(asked, error))?;
    // One byte more, so that the end is found without asking for more room.
    let mut bytes = Vec::with_capacity(usize::try_from(real.size).unwrap_or_default() + 1);
    // The size is only what the system says; a growing file has more.
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(asked, error))?;
    let size = bytes.len() as u64;
    if size > LARGEST { Err(too_large(size)) } else { Ok(bytes) }
}

fn unreadable(path: &Path, source: io::Error) -> ReadError {
    let path = path.display().to_string();
    match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Absent { path },
        _ => ReadError::Unreadable { path, source },
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn outcome(read: &Result<Source, ReadError>) -> &'static str {
        match read {
            Ok(_) => "read",
            Err(ReadError::Absent { .. }) => "absent",
            Err(ReadError::Outside { .. }) => "outside",
            Err(ReadError::TooLarge { .. }) => "too large",
            Err(ReadError::Unreadable { .. }) => "unreadable",
        }
    }

    #[test]
    fn nothing_outside_is_read() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "key").unwrap();
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        fs::create_dir(root.join("sites")).unwrap();
        fs::write(root.join("a.conf"), "user www;").unwrap();
        fs::write(root.join("large"), vec![b'a'; LARGEST as usize + 1]).unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), root.join("link")).unwrap();
        std::os::unix::fs::symlink(root.join("loop"), root.join("loop")).unwrap();
        std::os::unix::fs::symlink(outside.path(), root.join("out")).unwrap();
        std::os::unix::fs::symlink(root.join("sites"), root.join("in")).unwrap();
        fs::write(root.join("sites/b.conf"), "user www;").unwrap();
        assert!(Command::new("mkfifo").arg(root.join("pipe")).status().unwrap().success());
        let memory = Tree::in_memory([
            (PathBuf::from("a.conf"), b"user www;".to_vec()),
            (PathBuf::from("large"), vec![b'a'; LARGEST as usize + 1]),
        ]);
        let disk = Tree::open(root).unwrap();
        for (path, on_disk, in_memory) in [
            ("a.conf", "read", "read"),
            ("/a.conf", "read", "read"), // the root is the tree's
            ("sites/../a.conf", "read", "read"),
            ("b.conf", "absent", "absent"),
            ("../secret", "outside", "outside"),
            ("sites/../../a.conf", "outside", "outside"),
            ("link", "outside", "absent"),
            ("loop", "unreadable", "absent"),
            ("out/secret", "outside", "absent"),
            ("in/b.conf", "read", "absent"),
            ("pipe", "unreadable", "absent"), // and nobody waits for it
            ("sites", "unreadable", "absent"),
            ("/", "unreadable", "absent"),
            ("large", "too large", "too large"),
        ] {
            assert_eq!(outcome(&disk.read(Path::new(path))), on_disk, "{path}");
            assert_eq!(outcome(&memory.read(Path::new(path))), in_memory, "{path}");
            assert_eq!(disk.has(Path::new(path)), on_disk == "read" || on_disk == "too large", "{path}");
        }
        // A link is named even when it leads outside: reading it says so.
        assert_eq!(disk.names(Path::new("/")), ["a.conf", "large", "link"]);
        assert_eq!(memory.names(Path::new("/")), ["a.conf", "large"]);
    }
}
