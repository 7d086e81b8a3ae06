//! The patterns of a tree, read once: many rules ask for the same ones.

use std::collections::HashMap;
use std::sync::Mutex;

use foldhash::fast::RandomState;

use super::regex::{Case, Regex, Unreadable};

/// The patterns that were asked for.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    read: Mutex<HashMap<Box<str>, [Option<Read>; 2], RandomState>>,
}

type Read = Result<Regex, Unreadable>;

/// What was read follows from the tree, and a copy reads anew.
impl Clone for Patterns {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Patterns {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Patterns {}

impl Patterns {
    /// Reads a pattern, unless it was read before.
    pub(super) fn read(&self, pattern: &str, case: Case) -> Read {
        let Ok(mut read) = self.read.lock() else { return Regex::read(pattern, case) };
        let number = usize::from(case == Case::Insensitive);
        if let Some(Some(known)) = read.get(pattern).and_then(|known| known.get(number)) {
            return known.clone();
        }
        let regex = Regex::read(pattern, case);
        if let Some(known) = read.entry(pattern.into()).or_default().get_mut(number) {
            *known = Some(regex.clone());
        }
        regex
    }
}
