//! Why a store does not do what it was asked, by what can be done about it.

/// A store's failure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process holds the lock, or the server is away: later it may work.
    #[error("the store is busy or away")]
    Away(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored cannot be read: only starting anew helps.
    #[error("the store is damaged")]
    Corrupt(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no space left.
    #[error("no space is left for the store")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else.
    #[error("the store failed")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The data is of a newer version of this program.
    #[error("the store has version {found}, newer than {known}")]
    TooNew {
        /// The version of the data.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
}

impl StoreError {
    /// Returns a word for counters and logs.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Away(_) => "away",
            Self::Corrupt(_) => "corrupt",
            Self::Full(_) => "full",
            Self::Other(_) => "other",
            Self::TooNew { .. } => "too-new",
        }
    }
}
