//! The users of a configuration.

use std::fmt;

use super::PasswordHash;

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// What the password must hash to.
    pub password: PasswordHash,
    /// What they may.
    pub role: Role,
}

/// What somebody may; each role may what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Read, without the addresses of clients and without settings.
    Viewer,
    /// Read everything, and forget reports.
    Operator,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
        })
    }
}
