//! Collections that outlive transactions: counters by address, session or user, each with an end.
//!
//! They are kept in memory, shared by all transactions of a process, and bounded: what anyone can make grow has a limit.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::variable::Variable;

/// Every collection.
#[derive(Debug, Default)]
pub struct Collections {
    kept: Mutex<HashMap<Name, Collection>>,
}

/// A collection's kind and its key.
pub(crate) type Name = (Variable, Box<[u8]>);

#[derive(Debug, Default)]
struct Collection {
    /// When it was last changed, in seconds.
    touched: u64,
    timeout: u64,
    variables: HashMap<Box<[u8]>, Kept>,
}

#[derive(Debug)]
struct Kept {
    value: Vec<u8>,
    expires: Option<u64>,
}

impl Collections {
    /// Opens a collection; when there are too many, those that ended are dropped, then those longest untouched.
    pub(crate) fn open(&self, name: &Name, now: u64, timeout: u64) {
        let mut kept = self.lock();
        if let Some(collection) = kept.get_mut(name) {
            if collection.touched.saturating_add(collection.timeout) < now {
                collection.variables.clear();
            }
            return;
        }
        if kept.len() >= MOST_COLLECTIONS {
            kept.retain(|_, collection| collection.touched.saturating_add(collection.timeout) >= now);
        }
        if kept.len() >= MOST_COLLECTIONS {
            // A part at a time, so that the search is paid for once in many.
            let mut ages: Vec<u64> = kept.values().map(|collection| collection.touched).collect();
            let middle = ages.len() / 8;
            let (_, &mut age, _) = ages.select_nth_unstable(middle);
            kept.retain(|_, collection| collection.touched > age);
        }
        kept.insert(name.clone(), Collection { touched: now, timeout, variables: HashMap::new() });
    }

    /// Calls with each variable and its value.
    pub(crate) fn each(&self, name: &Name, now: u64, mut call: impl FnMut(&[u8], &[u8])) {
        let kept = self.lock();
        let Some(collection) = kept.get(name) else { return };
        let mut variables: Vec<_> = collection.variables.iter().filter(|(_, kept)| kept.is_alive(now)).collect();
        variables.sort_by_key(|(key, _)| *key);
        for (key, kept) in variables {
            call(key, &kept.value);
        }
    }

    /// Returns a variable's value.
    pub(crate) fn value(&self, name: &Name, key: &[u8], now: u64) -> Option<Vec<u8>> {
        let kept = self.lock();
        let kept = kept.get(name)?.variables.get(key)?;
        kept.is_alive(now).then(|| kept.value.clone())
    }

    /// Changes a variable in one step, so that no count is lost between transactions; none removes it.
    pub(crate) fn change(
        &self,
        name: &Name,
        key: &[u8],
        now: u64,
        change: impl FnOnce(Option<&[u8]>) -> Option<Vec<u8>>,
    ) {
        let mut kept = self.lock();
        let Some(collection) = kept.get_mut(name) else { return };
        collection.touched = now;
        let old = collection.variables.get(key).filter(|kept| kept.is_alive(now));
        let expires = old.and_then(|kept| kept.expires);
        match change(old.map(|kept| kept.value.as_slice())) {
            None => {
                collection.variables.remove(key);
            }
            Some(mut value) => {
                value.truncate(MOST_BYTES);
                if collection.variables.len() >= MOST_VARIABLES {
                    collection.variables.retain(|_, kept| kept.is_alive(now));
                }
                let has_room = collection.variables.len() < MOST_VARIABLES || collection.variables.contains_key(key);
                if has_room && key.len() <= MOST_BYTES {
                    collection.variables.insert(key.into(), Kept { value, expires });
                }
            }
        }
    }

    /// Makes a variable end.
    pub(crate) fn expire(&self, name: &Name, key: &[u8], end: u64) {
        if let Some(kept) = self.lock().get_mut(name).and_then(|collection| collection.variables.get_mut(key)) {
            kept.expires = Some(end);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Name, Collection>> {
        // Every change is complete before the lock is given back.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn is_alive(&self, now: u64) -> bool {
        self.expires.is_none_or(|end| end > now)
    }
}

/// Addresses that one process counts; some 30 MB at most in practice.
const MOST_COLLECTIONS: usize = 100_000;
/// Variables of one collection.
const MOST_VARIABLES: usize = 64;
/// Bytes of a name or a value.
const MOST_BYTES: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: usize) -> Name {
        (Variable::Ip, number.to_string().into_bytes().into())
    }

    #[test]
    fn variables_end() {
        let collections = Collections::default();
        collections.open(&name(1), 100, 60);
        collections.change(&name(1), b"a", 100, |_| Some(b"1".to_vec()));
        collections.expire(&name(1), b"a", 110);
        assert_eq!(collections.value(&name(1), b"a", 109), Some(b"1".to_vec()));
        assert_eq!(collections.value(&name(1), b"a", 110), None);
        assert_eq!(collections.value(&name(2), b"a", 100), None);
    }

    #[test]
    fn the_oldest_make_room() {
        let collections = Collections::default();
        for number in 0..MOST_COLLECTIONS + 10 {
            collections.open(&name(number), number as u64, 1_000_000);
        }
        let kept = collections.lock();
        assert!(kept.len() <= MOST_COLLECTIONS);
        assert!(kept.contains_key(&name(MOST_COLLECTIONS + 9)));
        assert!(!kept.contains_key(&name(0)));
    }
}
