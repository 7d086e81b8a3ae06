//! The hosts for which browsers know HTTPS to be mandatory before the first visit.

use std::collections::HashMap;

use serde::Deserialize;
use thiserror::Error;

/// A list of preloaded hosts; empty where none was given.
#[derive(Debug, Clone, Default)]
pub struct PreloadList {
    hosts: HashMap<String, Entry>,
}

/// A list cannot be read.
#[derive(Debug, Error)]
#[error("neither a map of hosts nor Chromium's list of entries")]
pub struct PreloadFault(#[source] serde_json::Error);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    includes_subdomains: bool,
}

/// One host, with the names of the Observatory's file and those of Chromium's.
#[derive(Debug, Deserialize)]
struct Raw {
    #[serde(default)]
    name: String,
    #[serde(default)]
    mode: String,
    #[serde(default, alias = "includeSubDomains")]
    include_subdomains: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum File {
    Chromium { entries: Vec<Raw> },
    Observatory(HashMap<String, Raw>),
}

impl PreloadList {
    /// Reads a list: a JSON map from hosts to entries, or Chromium's `transport_security_state_static.json`.
    ///
    /// # Errors
    ///
    /// Says so if the text is neither.
    pub fn parse(text: &str) -> Result<Self, PreloadFault> {
        // Chromium's file has comments on lines of their own.
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let hosts: Vec<_> = match serde_json::from_str(&text).map_err(PreloadFault)? {
            File::Chromium { entries } => entries.into_iter().map(|raw| (raw.name.clone(), raw)).collect(),
            File::Observatory(hosts) => hosts.into_iter().collect(),
        };
        let forced = hosts.into_iter().filter(|(_, raw)| raw.mode == "force-https");
        let entry = |raw: &Raw| Entry { includes_subdomains: raw.include_subdomains };
        Ok(Self { hosts: forced.map(|(name, raw)| (name, entry(&raw))).collect() })
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.hosts.is_empty()
    }

    /// Whether a host is in the list, or below one that includes its subdomains.
    pub fn covers(&self, host: &str) -> bool {
        let below = |parent: &str| self.hosts.get(parent).is_some_and(|entry| entry.includes_subdomains);
        let parents = host.match_indices('.').map(|(at, _)| &host[at + 1..]);
        self.hosts.contains_key(host) || parents.into_iter().any(below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_their_subdomains_are_covered() {
        let map = r#"{"a.test":{"includeSubDomains":true,"mode":"force-https"},"b.test":{"includeSubDomains":false,
            "mode":"force-https"},"c.test":{"includeSubDomains":true},"dev":{"includeSubDomains":true,"mode":"force-https"}}"#;
        let list = "// a comment\n{\"entries\":[\n  {\"name\":\"a.test\",\"include_subdomains\":true,\"mode\":\"force-https\"},\
            {\"name\":\"b.test\",\"mode\":\"force-https\"},{\"name\":\"c.test\",\"include_subdomains\":true},\
            {\"name\":\"dev\",\"include_subdomains\":true,\"mode\":\"force-https\"}]}";
        for text in [map, list] {
            let list = PreloadList::parse(text).unwrap();
            for (host, is_covered) in [
                ("a.test", true),
                ("x.y.a.test", true),
                ("b.test", true),
                ("x.b.test", false), // without its subdomains
                ("c.test", false),   // pinned only
                ("shop.dev", true),
                ("nota.test", false),
            ] {
                assert_eq!(list.covers(host), is_covered, "{host}");
            }
        }
        assert!(PreloadList::parse("[]").is_err());
        assert!(PreloadList::default().is_empty());
    }
}
