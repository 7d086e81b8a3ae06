//! Which edition of the Observatory grades.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An edition of the grading, by the number that it writes into its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Algorithm {
    /// The package on npm, 1.4.8: ten tests, several CSP headers read as one policy.
    V4,
    /// The public service of 2026.
    #[default]
    V5,
    /// The next one: with COOP and COEP.
    V6,
}

impl Algorithm {
    /// Every edition.
    pub const ALL: &[Self] = &[Self::V4, Self::V5, Self::V6];

    /// Returns the number.
    pub const fn number(self) -> u8 {
        match self {
            Self::V4 => 4,
            Self::V5 => 5,
            Self::V6 => 6,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

/// There is no such edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the algorithms are 4, 5 and 6")]
pub struct UnknownAlgorithm;

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().find(|known| known.to_string() == text).copied().ok_or(UnknownAlgorithm)
    }
}
