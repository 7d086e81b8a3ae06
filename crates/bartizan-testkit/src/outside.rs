//! Programs that a test needs and the workspace does not build.

use std::env;
use std::path::{Path, PathBuf};

/// Returns the path, unless nothing is there: then it says loudly that the test was skipped.
///
/// # Panics
///
/// In CI (`CI=true`), which has every program: a test that is skipped there shows nothing.
pub fn outside_program(path: &Path) -> Option<PathBuf> {
    if path.exists() {
        return Some(path.to_owned());
    }
    skip(&format!("{} is missing; `cargo xtask setup` installs it", path.display()));
    None
}

/// Says loudly that a test was skipped, and why.
///
/// # Panics
///
/// In CI, as [`outside_program`].
#[allow(clippy::print_stderr, reason = "a test that shows nothing must not pass in silence")]
pub fn skip(reason: &str) {
    assert!(env::var_os("CI").is_none_or(|value| value != "true"), "not to be skipped in CI: {reason}");
    eprintln!("\n*** SKIPPED: {reason} ***\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_returned() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert_eq!(outside_program(&file), Some(file));
    }
}
