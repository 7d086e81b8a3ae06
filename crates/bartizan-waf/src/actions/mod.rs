//! What a match does: to variables, to the transaction, and at the end of a chain to the request itself.

mod collection;
mod conclude;
mod control;
mod set_var;

use crate::rule::Effect;
use crate::ruleset::RuleSet;
use crate::transaction::Transaction;

impl Transaction {
    /// Does what each matching value of a link does, whether or not the rest of the chain matches.
    pub(crate) fn apply(&mut self, rules: &RuleSet, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Ctl(control) => self.control(control),
                Effect::ExpireVar { collection, key, seconds } => self.expire_var(*collection, key, seconds),
                Effect::InitCol { collection, key } | Effect::SetIdentity { collection, key } => {
                    self.open_collection(*collection, key);
                }
                Effect::SetVar { collection, key, change } => self.set_var(rules, *collection, key, change),
            }
        }
    }
}
