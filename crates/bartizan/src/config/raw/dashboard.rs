//! `[dashboard]`, `[[dashboard.user]]` and `[[dashboard.token]]`.

use std::time::Duration;

use bartizan_dashboard::access::{PasswordHash, Role, Scope, TokenHash};
use bartizan_headers::Origin;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{At, Choice, Written};

/// Pages about reports, refusals and sites, on `server.admin`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dashboard {
    /// Whether it is there; without a word it is, where `server.admin` is of this machine or this table is written.
    pub(crate) enabled: Option<At<bool>>,
    /// Where browsers reach it through a proxy with TLS, such as a site of this wall.
    pub(crate) origins: Option<Vec<At<Written<Origin>>>>,
    /// How long somebody stays signed in without asking for anything.
    pub(crate) idle: Option<Written<Duration>>,
    /// How long somebody stays signed in at all.
    pub(crate) lifetime: Option<Written<Duration>>,
    /// Who may sign in; without anybody, this machine alone may look, and may everything.
    pub(crate) user: Option<Vec<At<DashboardUser>>>,
    /// Programs that may ask.
    pub(crate) token: Option<Vec<At<DashboardToken>>>,
}

/// Who may sign in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DashboardUser {
    /// The name to sign in with.
    pub(crate) name: String,
    /// What the password hashes to, as `bartizan dashboard hash-password` writes it.
    pub(crate) password: Written<PasswordHash>,
    /// What they may.
    pub(crate) role: Option<Choice<Role>>,
}

/// A program that may ask.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DashboardToken {
    /// What it is called.
    pub(crate) name: String,
    /// What the token hashes to, as `bartizan dashboard new-token` writes it.
    pub(crate) hash: Written<TokenHash>,
    /// What it may ask.
    pub(crate) scopes: Vec<Choice<Scope>>,
}
