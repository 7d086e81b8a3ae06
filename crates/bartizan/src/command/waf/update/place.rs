//! Where rule sets are kept: a folder for each, and one name for the one in use, which changes at once.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use bartizan_waf::archive::Entry;

use crate::config::rule_set;

/// A rule set that is written and not yet in use; it is gone again unless it is taken into use.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    is_used: bool,
}

impl Draft {
    /// Writes the files of a rule set into a new folder.
    pub(super) fn write(state: &Path, name: &str, entries: &[Entry]) -> anyhow::Result<Self> {
        let folder = folder(state);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let draft = Self { path: unused(&folder, name)?, is_used: false };
        for entry in entries {
            let path = draft.path.join(&entry.path);
            let write = || {
                fs::create_dir_all(path.parent().unwrap_or(&draft.path))?;
                let mut file = fs::File::create_new(&path)?;
                file.write_all(&entry.content)?;
                // A rule set that is in use after a loss of power must be whole.
                file.sync_all()
            };
            write().with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(draft)
    }

    /// Returns its folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes it into use in one step, and removes those that were in use before the last.
    pub(super) fn take_into_use(mut self, state: &Path) -> anyhow::Result<PathBuf> {
        let current = rule_set(state);
        let before = fs::read_link(&current).ok();
        let name = self.path.file_name().context("a rule set has a name")?.to_owned();
        let link = self.path.with_extension("link");
        let swap = || {
            let _ = fs::remove_file(&link);
            symlink(&name, &link)?;
            fs::rename(&link, &current)?;
            fs::File::open(folder(state))?.sync_all()
        };
        swap().with_context(|| format!("cannot change {}", current.display()))?;
        self.is_used = true;
        // A running wall may read the one before once more; those before it nobody has.
        for entry in fs::read_dir(folder(state)).into_iter().flatten().flatten() {
            let other = entry.file_name();
            let is_ours = other.to_string_lossy().starts_with(PREFIX);
            if is_ours && other != name && Some(other.as_os_str()) != before.as_deref().map(Path::as_os_str) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        Ok(current)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_used {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// The folder that rule sets lie in, the one in use among them.
fn folder(state: &Path) -> PathBuf {
    rule_set(state).parent().map(Path::to_owned).unwrap_or_default()
}

/// Makes a folder with a name that nothing has.
fn unused(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    for number in 0..MOST_TRIES {
        let suffix = if number == 0 { String::new() } else { format!("+{number}") };
        let path = folder.join(format!("{PREFIX}{name}{suffix}"));
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot make the folder {}", path.display()));
            }
        }
    }
    bail!("{} is full of rule sets", folder.display())
}

/// What the folders of rule sets begin with: nothing else is ever removed.
const PREFIX: &str = "crs-";
const MOST_TRIES: usize = 100;
