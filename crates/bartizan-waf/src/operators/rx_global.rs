//! `@rxGlobal`: the pattern is in the value; all its matches are captured.

use super::pattern::{Engine, Pattern, add};
use super::{Captures, Entry, Literals, Operator};

pub(super) const OPERATOR: Entry = Entry {
    name: "rxGlobal",
    aliases: &[],
    compile: |argument, _| Ok(Box::new(RxGlobal(Pattern::new(argument)?))),
    evaluate: None,
};

#[derive(Debug)]
struct RxGlobal(Pattern);

impl Operator for RxGlobal {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> bool {
        if !self.0.is_match(value) {
            return false;
        }
        let Some(captures) = captures else { return true };
        captures.clear();
        let mut start = 0;
        // Each round adds a capture or moves on; captures are bounded, so that no more matches than those are looked for.
        while captures.len() < MATCHES
            && let Some(groups) = self.0.groups_at(value, start)
            && let Some(Some(whole)) = groups.first().cloned()
        {
            if whole.is_empty() {
                start = whole.end + 1;
            } else {
                start = whole.end;
                add(captures, groups);
            }
        }
        true
    }

    fn literals(&self) -> Option<Literals> {
        self.0.literals()
    }

    fn engine(&self) -> Option<Engine> {
        Some(self.0.engine())
    }
}

/// How many parts rules can name.
const MATCHES: usize = 10;
