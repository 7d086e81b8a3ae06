//! Cookies that an app itself sets with a `__Host-` or `__Secure-` name, learnt from its answers.
//!
//! The wall gives such names to session cookies and takes them away again on the way back. An app that
//! chose one itself must get it back as it is; nothing in the browser's request tells the two apart.

use std::sync::{PoisonError, RwLock};

/// The prefixed names of one site's app.
#[derive(Debug, Default)]
pub struct OwnPrefixes {
    names: RwLock<Vec<Box<str>>>,
}

impl OwnPrefixes {
    /// Notes that the app itself set a cookie of this name.
    pub fn learn(&self, name: &str) {
        if self.has(name) {
            return;
        }
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        if names.len() < MOST && !names.iter().any(|known| **known == *name) {
            names.push(name.into());
        }
    }

    /// Whether the app itself set a cookie of this name since the start.
    pub fn has(&self, name: &str) -> bool {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        names.iter().any(|known| **known == *name)
    }
}

/// An app has a session cookie or two; one that makes up names must not fill memory.
const MOST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_learnt_is_known_and_no_more_than_fits() {
        let own = OwnPrefixes::default();
        assert!(!own.has("__Host-session"));
        own.learn("__Host-session");
        assert!(own.has("__Host-session") && !own.has("__Host-sid"));
        (0..1000).for_each(|number| own.learn(&format!("__Host-{number}")));
        assert!(own.has("__Host-session") && !own.has("__Host-999"));
    }
}
