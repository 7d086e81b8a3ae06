//! Whether files on disk are still those that were read.
//!
//! It only compares; who polls rebuilds the table, and keeps the old one while the new files are broken.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What a set of files looked like when it was last read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileStamps {
    files: Vec<(PathBuf, Option<Stamp>)>,
}

/// Modification time to the nanosecond, length and inode: a copy in place changes the first two, a
/// rename (certbot's links, Kubernetes' volumes) the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    seconds: i64,
    nanoseconds: i64,
    length: u64,
    inode: u64,
    device: u64,
}

impl FileStamps {
    /// Looks at the files; take it before reading them, so that a change in between is noticed.
    pub fn of(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut paths: Vec<PathBuf> = paths.into_iter().collect();
        paths.sort_unstable();
        paths.dedup();
        let files = paths.into_iter().map(|path| {
            let seen = stamp(&path);
            (path, seen)
        });
        Self { files: files.collect() }
    }

    /// Whether any file differs from when it was looked at; one that vanished or appeared does.
    pub fn changed(&self) -> bool {
        self.files.iter().any(|(path, seen)| stamp(path) != *seen)
    }

    /// Looks again, and returns whether anything differs from the last look.
    ///
    /// A broken new file is so reported once and not at every poll.
    pub fn refresh(&mut self) -> bool {
        let mut changed = false;
        for (path, seen) in &mut self.files {
            let now = stamp(path);
            changed |= now != *seen;
            *seen = now;
        }
        changed
    }

    /// Returns the files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some(Stamp {
        seconds: metadata.mtime(),
        nanoseconds: metadata.mtime_nsec(),
        length: metadata.len(),
        inode: metadata.ino(),
        device: metadata.dev(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_noticed_once_and_sameness_never() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("a.pem"), "one").unwrap();
        type Change = fn(&Path);
        for (what, change, is_change) in [
            ("nothing", (|_| ()) as Change, false),
            ("read", |at| drop(fs::read(at.join("a.pem")).unwrap()), false),
            ("longer", |at| fs::write(at.join("a.pem"), "longer").unwrap(), true),
            (
                "replaced by rename",
                |at| {
                    fs::write(at.join("new"), "longer").unwrap();
                    fs::rename(at.join("new"), at.join("a.pem")).unwrap();
                },
                true,
            ),
            ("another file", |at| fs::write(at.join("other"), "x").unwrap(), false),
            ("gone", |at| fs::remove_file(at.join("a.pem")).unwrap(), true),
            ("back", |at| fs::write(at.join("a.pem"), "longer").unwrap(), true),
        ] {
            let mut stamps = FileStamps::of([path("a.pem"), path("a.pem"), path("never.pem")]);
            assert_eq!(stamps.paths().count(), 2);
            change(directory.path());
            assert_eq!(stamps.changed(), is_change, "{what}");
            assert_eq!(stamps.refresh(), is_change, "{what}");
            assert!(!stamps.refresh(), "{what}");
        }
    }
}
