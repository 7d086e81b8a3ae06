//! Who may see and do what: users, sessions, tokens, and what is refused before either is looked at.

mod admit;
pub(crate) mod names;
mod password;
mod session;
mod throttle;
mod token;
mod user;

pub(crate) use admit::bearer;
pub use admit::{Turned, Want};
pub use password::{BadHash, PasswordHash};
pub(crate) use session::{Lifetimes, Sessions, Ticket, Use};
pub(crate) use throttle::Throttle;
pub use token::{BadToken, Scope, Token, TokenHash, new_token};
pub use user::{Role, User};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// Anybody who reaches the listener, where there are no users.
    Anybody,
    /// A user who signed in.
    User {
        /// The name.
        name: String,
        /// What the user may.
        role: Role,
    },
}

impl Visitor {
    /// Returns what they may: where there are no users, everything.
    pub(crate) const fn role(&self) -> Role {
        match self {
            Self::Anybody => Role::Operator,
            Self::User { role, .. } => *role,
        }
    }
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (one, other)| sum | (one ^ other)) == 0
}
