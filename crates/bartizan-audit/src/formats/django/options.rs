//! What is known about a deployment beside its files.

use std::collections::BTreeMap;

use bartizan_rules::facts::django::{CspRelease, Release};

/// What is known about a deployment beside its files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The settings module, such as `config.settings.production`; without one, each that looks like one is read.
    pub module: Option<String>,
    /// The release of Django that runs it.
    pub release: Release,
    /// The release of django-csp that is installed.
    pub csp: CspRelease,
    /// The environment variables that are known.
    pub variables: Variables,
}

/// The environment variables of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variables {
    /// Those that are known, by name.
    pub given: BTreeMap<String, String>,
    /// Whether those that are not given are known to be unset; else they may be anything.
    pub is_closed: bool,
}
