//! Entry points for fuzz targets and for the replay of their corpora: the text of a configuration.

use std::path::Path;

pub use bartizan_headers::fuzzing::Target;

use crate::config::{Environment, Overrides, from_text, show};

/// Every parser of this crate.
pub const TARGETS: &[Target] = &[Target { name: "config", run: config }];

/// A configuration file: problems are told, never thrown; what can be run can be shown.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    // A folder that is not there: no input reads a file of the machine by a relative name.
    let folder = Path::new("/nonexistent");
    match from_text(&text, "fuzz.toml", folder, &Environment::default(), &Overrides::default()) {
        Ok(loaded) => assert!(!show(&loaded).is_empty()),
        Err(report) => assert!(report.has_errors()),
    }
}
