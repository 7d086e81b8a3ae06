//! How far a site has come.

use serde::{Deserialize, Serialize};

/// How far a site has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// What the site serves is learnt; every element is blessed, and nothing is enforced.
    Learning,
    /// The candidate is reported on, and nothing is enforced.
    Trial,
    /// The candidate is enforced for so many of a hundred clients.
    Share(u8),
    /// The candidate is enforced, and watched.
    Enforced,
}

impl Stage {
    /// Returns the next one; the last is its own.
    pub fn next(self) -> Self {
        match self {
            Self::Learning => Self::Trial,
            Self::Trial => SHARES.first().map_or(Self::Enforced, |share| Self::Share(*share)),
            Self::Share(share) => {
                SHARES.iter().find(|next| **next > share).map_or(Self::Enforced, |next| Self::Share(*next))
            }
            Self::Enforced => Self::Enforced,
        }
    }

    /// Returns the one before; the first is its own.
    pub fn before(self) -> Self {
        match self {
            Self::Learning | Self::Trial => Self::Learning,
            Self::Share(share) => {
                SHARES.iter().rev().find(|before| **before < share).map_or(Self::Trial, |before| Self::Share(*before))
            }
            Self::Enforced => SHARES.last().map_or(Self::Trial, |share| Self::Share(*share)),
        }
    }

    /// Whether the candidate is enforced for a client, by its place among a hundred.
    pub const fn enforces(self, place: u8) -> bool {
        match self {
            Self::Learning | Self::Trial => false,
            Self::Share(share) => place < share,
            Self::Enforced => true,
        }
    }

    /// Whether it is enforced for anybody.
    pub const fn is_enforcing(self) -> bool {
        matches!(self, Self::Share(_) | Self::Enforced)
    }

    /// Returns the name, as JSON and lists have it.
    pub fn name(self) -> String {
        match self {
            Self::Learning => "learning".to_owned(),
            Self::Trial => "report-only".to_owned(),
            Self::Share(share) => format!("enforced for {share}%"),
            Self::Enforced => "enforced".to_owned(),
        }
    }
}

/// Few enough at first that a fault is an annoyance, then doubling and more: what five in a hundred do not meet is rare.
const SHARES: &[u8] = &[5, 25, 50];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_follow_each_other() {
        let mut stage = Stage::Learning;
        let mut all = vec![stage];
        while stage.next() != stage {
            assert_eq!(stage.next().before(), stage);
            stage = stage.next();
            all.push(stage);
        }
        let names: Vec<_> = all.iter().map(|stage| stage.name()).collect();
        assert_eq!(
            names,
            ["learning", "report-only", "enforced for 5%", "enforced for 25%", "enforced for 50%", "enforced"]
        );
        for (stage, place, is_enforced) in [
            (Stage::Trial, 0, false),
            (Stage::Share(5), 4, true),
            (Stage::Share(5), 5, false),
            (Stage::Enforced, 99, true),
        ] {
            assert_eq!(stage.enforces(place), is_enforced, "{stage:?} {place}");
        }
    }
}
