//! What holds for the sites that are collected for: their hosts, queries, quotas and sampling.

use crate::address::Queries;

/// What holds for one site.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteRules {
    /// The name, as it stands in endpoints and lists.
    pub name: String,
    /// Its hosts, to tell reports of other sites' pages; `.x` means x and below, and none that it is not known.
    pub hosts: Vec<String>,
    /// What becomes of queries.
    pub queries: Queries,
    /// Reports a minute; more are shed.
    pub quota: Option<u64>,
    /// The share of bodies that is looked at, from 0 to 1.
    pub sample: f64,
}

impl SiteRules {
    /// Returns what holds where nothing is said.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), hosts: Vec::new(), queries: Queries::default(), quota: None, sample: 1.0 }
    }
}

/// Whom is collected for.
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    /// Those that are named.
    pub named: Vec<SiteRules>,
    /// What holds for any other; none means that there is no other.
    pub others: Option<SiteRules>,
}

impl Default for Sites {
    fn default() -> Self {
        Self { named: Vec::new(), others: Some(SiteRules::new(NO_NAME)) }
    }
}

impl Sites {
    /// Returns what holds for a site.
    pub fn of(&self, name: &str) -> Option<&SiteRules> {
        self.named.iter().find(|site| site.name == name).or(self.others.as_ref())
    }
}

/// The site of an endpoint that names none.
pub const NO_NAME: &str = "default";
