//! `initcol`, `setsid`, `setuid`, `setrsc`, `expirevar`.

use crate::expand::Template;
use crate::transaction::Transaction;
use crate::transaction::lookup::integer;
use crate::variable::Variable;

impl Transaction {
    pub(super) fn open_collection(&mut self, collection: Variable, key: &Template) {
        let mut key = self.expand(key);
        key.truncate(MOST_KEY);
        let name = (collection, key.into_boxed_slice());
        self.rules.collections.open(&name, self.now, self.rules.settings().collection_timeout);
        self.opened.retain(|(kind, _)| *kind != collection);
        self.opened.push(name);
    }

    pub(super) fn expire_var(&mut self, collection: Variable, key: &Template, seconds: &Template) {
        let key = self.expand(key).to_ascii_lowercase();
        let seconds = u64::try_from(integer(&self.expand(seconds))).unwrap_or(0);
        if let Some(name) = self.opened.iter().find(|(kind, _)| *kind == collection) {
            self.rules.collections.expire(name, &key, self.now.saturating_add(seconds));
        }
    }
}

/// Keys are addresses and sessions; what is longer was made to fill memory.
const MOST_KEY: usize = 512;
