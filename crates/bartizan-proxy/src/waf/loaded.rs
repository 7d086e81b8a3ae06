//! Rule sets that are in use, each loaded once in the process and kept for as long as its files stay as they are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bartizan_waf::preset::{self, Source, Tuning};
use bartizan_waf::{Disk, Inputs, LoadErrors, Noted, RuleSet};

/// The rule sets of the process. A wall that is built anew, for a certificate as well as for a configuration, finds those
/// of the wall in use here.
#[derive(Debug, Default)]
pub struct RuleSets(Mutex<HashMap<Key, Kept>>);

type Key = (Source, Tuning);

#[derive(Debug)]
struct Kept {
    rules: Weak<RuleSet>,
    inputs: Inputs,
}

impl RuleSets {
    /// Returns the rules of a source, loaded anew only where no wall has them, or a file has changed.
    pub(super) fn get(&self, source: &Source, tuning: &Tuning) -> Result<Arc<RuleSet>, LoadErrors> {
        let key = (source.clone(), tuning.clone());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, one| one.rules.strong_count() > 0);
        let before = kept.get(&key).and_then(|one| Some((one.rules.upgrade()?, &one.inputs)));
        if let Some((rules, inputs)) = &before
            && inputs.are_unchanged(&Disk)
        {
            return Ok(Arc::clone(rules));
        }
        let noted = Noted::new(&Disk);
        let mut rules = preset::load(source, tuning, &noted)?;
        if let Some((before, _)) = before {
            // What rules counted of clients and sessions outlives a change of rules.
            rules = rules.with_collections(Arc::clone(before.collections()));
        }
        let rules = Arc::new(rules);
        kept.insert(key, Kept { rules: Arc::downgrade(&rules), inputs: noted.into_inputs() });
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_loaded_again_only_when_a_file_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.conf");
        let write = |id: u32| std::fs::write(&file, format!("SecAction \"id:{id},phase:1,pass,nolog\"")).unwrap();
        write(1);
        let sets = RuleSets::default();
        let get = |tuning: &Tuning| sets.get(&Source::Path(file.clone()), tuning).unwrap();
        let first = get(&Tuning::default());
        assert!(Arc::ptr_eq(&first, &get(&Tuning::default())));
        assert!(!Arc::ptr_eq(&first, &get(&Tuning { work: 1, ..Tuning::default() })), "another tuning");
        write(2);
        let second = get(&Tuning::default());
        assert!(!Arc::ptr_eq(&first, &second) && second.rule(2).is_some());
        assert!(Arc::ptr_eq(first.collections(), second.collections()));
        // Rules that nobody has any more are not kept.
        drop((first, second));
        get(&Tuning::default());
        assert!(sets.0.lock().unwrap().values().all(|one| one.rules.strong_count() == 0));
    }
}
