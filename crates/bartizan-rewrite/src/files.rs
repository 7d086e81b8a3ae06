//! Scripts and style sheets of the site's own whose bytes never change, with their digests: pages can name these.
//!
//! Only files that say so themselves are asked about, and a digest counts once enough different clients were served the
//! same bytes. A file that changed in spite of what it says is never named again; where several do, none is.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// The files of a site, by path and query.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Files {
    entries: BTreeMap<Box<str>, File>,
    /// How many changed that should not.
    changed: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct File {
    digest: Digest,
    /// What the answer said of its version: the same for the same bytes.
    version: Box<str>,
    clients: BTreeSet<u64>,
    is_known: bool,
    has_changed: bool,
}

/// A file that was served.
#[derive(Debug, Clone, Copy)]
pub struct Served<'a> {
    /// Path and query.
    pub address: &'a str,
    /// What the answer said of its version, such as its ETag.
    pub version: &'a str,
    /// Of its bytes, unfolded.
    pub digest: Digest,
    /// To whom.
    pub client: u64,
}

impl Files {
    /// Whether a file's bytes should be looked at.
    pub fn wants(&self, address: &str, version: &str) -> bool {
        match self.entries.get(address) {
            None => self.entries.len() < MOST && address.len() <= LONGEST && !self.is_given_up(),
            Some(file) => !file.has_changed && (!file.is_known || *file.version != *version),
        }
    }

    /// Takes note of a file, and says whether what pages may name is another now.
    pub fn see(&mut self, served: Served<'_>, clients: usize) -> bool {
        let Served { address, version, digest, client } = served;
        if !self.wants(address, version) {
            return false;
        }
        let file = self.entries.entry(address.into()).or_insert_with(|| File {
            digest,
            version: version.into(),
            clients: BTreeSet::new(),
            is_known: false,
            has_changed: false,
        });
        if file.digest != digest {
            let was_known = std::mem::take(&mut file.is_known);
            file.has_changed = true;
            file.clients.clear();
            self.changed = self.changed.saturating_add(1);
            return was_known || self.is_given_up();
        }
        file.version = version.into();
        if !file.is_known {
            file.clients.insert(client);
            file.is_known = file.clients.len() >= clients;
            if file.is_known {
                file.clients.clear();
            }
            return file.is_known;
        }
        false
    }

    /// Returns the digest that a page may name.
    pub fn digest(&self, address: &str) -> Option<Digest> {
        let file = self.entries.get(address).filter(|file| file.is_known)?;
        (!self.is_given_up()).then_some(file.digest)
    }

    /// Returns how many files pages may name, and how many changed that should not.
    pub fn count(&self) -> (usize, u32) {
        let known = if self.is_given_up() { 0 } else { self.entries.values().filter(|file| file.is_known).count() };
        (known, self.changed)
    }

    /// Forgets what is there, such as for a release.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// One file may be an accident; more are an app that does not mean what it says.
    const fn is_given_up(&self) -> bool {
        self.changed >= 3
    }
}

/// A release of a large app has some hundreds; at 300 bytes each this is 300 KB.
const MOST: usize = 1000;

/// Names with a digest in them are shorter.
const LONGEST: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    fn served(address: &'static str, version: &'static str, text: &str, client: u64) -> Served<'static> {
        Served { address, version, digest: Digest::of(text), client }
    }

    #[test]
    fn a_digest_counts_once_enough_clients_were_served_it() {
        let mut files = Files::default();
        for (client, is_news, is_known) in [(1, false, false), (1, false, false), (2, true, true), (3, false, true)] {
            assert_eq!(files.see(served("/a.1.js", "v", "x", client), 2), is_news, "{client}");
            assert_eq!(files.digest("/a.1.js").is_some(), is_known, "{client}");
        }
        assert!(!files.wants("/a.1.js", "v") && files.wants("/a.1.js", "w") && files.wants("/b.js", "v"));
        assert_eq!(files.digest("/b.js"), None);
    }

    #[test]
    fn what_changes_is_never_named_again() {
        let mut files = Files::default();
        for client in 1..=2 {
            files.see(served("/a.js", "v", "x", client), 2);
        }
        assert!(files.see(served("/a.js", "w", "y", 1), 2), "pages must not name it any more");
        for client in 1..=5 {
            files.see(served("/a.js", "w", "y", client), 2);
        }
        assert_eq!((files.digest("/a.js"), files.wants("/a.js", "x")), (None, false));
        // Three of them are an app that does not mean what it says.
        for client in 1..=2 {
            files.see(served("/good.js", "v", "x", client), 2);
        }
        assert!(files.digest("/good.js").is_some());
        for address in ["/b.js", "/c.js"] {
            files.see(served(address, "v", "x", 1), 2);
            files.see(served(address, "w", "y", 1), 2);
        }
        assert_eq!((files.digest("/good.js"), files.count()), (None, (0, 3)));
        files.clear();
        assert_eq!(files.count(), (0, 0));
    }

    #[test]
    fn files_without_end_are_bounded() {
        let mut files = Files::default();
        for number in 0..2 * MOST {
            let address: &'static str = Box::leak(format!("/{number}.js").into_boxed_str());
            files.see(served(address, "v", "x", 1), 2);
        }
        assert_eq!(files.entries.len(), MOST);
    }
}
