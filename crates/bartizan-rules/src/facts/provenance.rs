//! Where a fact was seen.

use std::fmt;

use serde::{Serialize, Serializer};
use url::Url;

/// A fact and where it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed<T> {
    /// The fact.
    pub value: T,
    /// Where it was seen.
    pub at: Provenance,
}

impl<T> Observed<T> {
    /// Returns what follows from the fact, seen at the same place.
    pub fn map<U>(&self, follow: impl FnOnce(&T) -> U) -> Observed<U> {
        Observed { value: follow(&self.value), at: self.at.clone() }
    }
}

/// Where a fact was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Provenance {
    /// In a response from this address.
    Live {
        /// The address.
        #[serde(serialize_with = "write_url")]
        url: Url,
    },
    /// In what the wall itself adds for a site.
    Stage {
        /// The site.
        site: String,
        /// The stage.
        name: &'static str,
    },
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live { url } => url.fmt(f),
            Self::Stage { site, name } => write!(f, "{site}, stage {name}"),
        }
    }
}

fn write_url<S: Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(url.as_str())
}
