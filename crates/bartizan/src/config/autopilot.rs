//! What the autopilot does for each site, as the program uses it; the wall itself knows nothing of it.

use std::path::PathBuf;

use bartizan_pilot::Settings;

/// Where the autopilot keeps what it learnt, and what it does for each site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutopilotPlan {
    /// The file of its store.
    pub store: PathBuf,
    /// The sites by name, in the order of the configuration; without settings it is off.
    pub sites: Vec<(String, Option<Settings>)>,
}

impl AutopilotPlan {
    /// Whether it is on for any site.
    pub fn is_on(&self) -> bool {
        self.sites.iter().any(|(_, settings)| settings.is_some())
    }
}

/// How far it goes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// To the end.
    Auto,
    /// To the trial.
    Learn,
    /// Nowhere.
    Off,
}
