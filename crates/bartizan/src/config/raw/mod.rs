//! The configuration file as it is written: one struct a table, one field a key.
//!
//! The doc comment of a key is its description in the JSON Schema and in `config show`. Nothing here
//! knows defaults: a key that was not written is `None`, and `resolve` says what that means.

pub(crate) mod alerts;
pub(crate) mod autopilot;
pub(crate) mod choices;
pub(crate) mod dashboard;
pub(crate) mod headers;
pub(crate) mod policy;
pub(crate) mod reports;
pub(crate) mod server;
pub(crate) mod site;
pub(crate) mod upstream;
pub(crate) mod values;

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use choices::{Choice, Choices};
pub(crate) use values::{At, OrNone, Word, Written};

/// The configuration of one wall.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// What holds for the whole process.
    pub(crate) server: Option<server::Server>,
    /// Where reports of browsers are kept, for every site that collects them.
    pub(crate) reports: Option<reports::Reports>,
    /// Pages about reports, refusals and sites, on `server.admin`.
    pub(crate) dashboard: Option<dashboard::Dashboard>,
    /// The sites, one table each.
    pub(crate) site: Option<Vec<At<site::Site>>>,
}
