//! What the environment says, passed in as a value so that tests need none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The environment of the process.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// The variables, by name.
    pub variables: BTreeMap<String, String>,
    /// Whether the process may do everything.
    pub is_root: bool,
}

impl Environment {
    /// Returns the environment of this process; variables that are not Unicode do not count.
    pub fn of_process() -> Self {
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self { variables: variables.collect(), is_root: is_root() }
    }

    /// Returns a variable that is set and not empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Returns the parts of a list, separated by blanks or commas.
    pub fn list(&self, name: &str) -> Option<Vec<&str>> {
        let value = self.variable(name)?;
        Some(value.split([',', ' ', '\t', '\n']).filter(|part| !part.is_empty()).collect())
    }

    /// Returns where state lives when nobody says otherwise.
    ///
    /// A service manager names the place (systemd.exec(5), `StateDirectory=`); root has `/var/lib`;
    /// a person has a place of their own (XDG base directories).
    pub fn state_dir(&self) -> PathBuf {
        if let Some(given) = self.variable("STATE_DIRECTORY").and_then(|dirs| dirs.split(':').next()) {
            return PathBuf::from(given);
        }
        if self.is_root {
            return PathBuf::from("/var/lib/bartizan");
        }
        if let Some(state) = self.variable("XDG_STATE_HOME") {
            return PathBuf::from(state).join("bartizan");
        }
        let home = self.variable("HOME").map_or_else(|| PathBuf::from("."), PathBuf::from);
        home.join(".local/state/bartizan")
    }
}

/// Returns where the rule set in use is kept: what `waf.rules = "crs"` stands for.
pub(crate) fn rule_set(state_dir: &Path) -> PathBuf {
    state_dir.join("waf/crs")
}

/// Names the hosts, for a start without a file.
pub(crate) const ALLOWED_HOSTS: &str = "BARTIZAN_ALLOWED_HOSTS";
/// Names the origins that may send state-changing requests.
pub(crate) const CSRF_TRUSTED_ORIGINS: &str = "BARTIZAN_CSRF_TRUSTED_ORIGINS";

#[cfg(target_os = "linux")]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[cfg(not(target_os = "linux"))]
fn is_root() -> bool {
    std::env::var_os("USER").is_some_and(|user| user == "root")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_lives_where_the_service_manager_says() {
        for (variables, is_root, expected) in [
            (&[("STATE_DIRECTORY", "/var/lib/a:/var/lib/b"), ("HOME", "/home/x")][..], true, "/var/lib/a"),
            (&[("HOME", "/root")], true, "/var/lib/bartizan"),
            (&[("HOME", "/home/x"), ("XDG_STATE_HOME", "/s")], false, "/s/bartizan"),
            (&[("HOME", "/home/x")], false, "/home/x/.local/state/bartizan"),
            (&[("HOME", "/home/x"), ("XDG_STATE_HOME", "")], false, "/home/x/.local/state/bartizan"),
        ] {
            let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            assert_eq!(Environment { variables, is_root }.state_dir(), PathBuf::from(expected));
        }
    }
}
