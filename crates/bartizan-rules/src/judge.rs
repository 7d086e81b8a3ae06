//! The judgement: rules over facts. Pure: the same facts give the same findings.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::facts::Facts;
use crate::finding::Findings;
use crate::rule::Rule;

/// Returns what the rules find in the facts, in the order of the rules.
pub fn judge(rules: impl IntoIterator<Item = &'static Rule>, facts: &Facts) -> Findings {
    if facts.nginx().len() + facts.apache().len() >= MANY {
        return judge_together(&rules.into_iter().collect::<Vec<_>>(), facts);
    }
    let mut findings = Findings::default();
    for rule in rules {
        (rule.check)(facts, &mut findings);
    }
    findings
}

/// Several threads take one rule after another; what they find is put back into the order of the rules.
fn judge_together(rules: &[&'static Rule], facts: &Facts) -> Findings {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(rule) = rules.get(number) else { return found };
            let mut findings = Findings::default();
            (rule.check)(facts, &mut findings);
            found.push((number, findings));
        }
    };
    let count = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let mut found = thread::scope(|scope| {
        let others: Vec<_> = (1..count).map(|_| scope.spawn(work)).collect();
        let mut found = work();
        for other in others {
            found.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        found
    });
    found.sort_unstable_by_key(|(number, _)| *number);
    let mut findings = Findings::default();
    for (_, more) in found {
        findings.append(more);
    }
    findings
}

/// Fewer configurations are judged sooner than a thread starts.
const MANY: usize = 32;

/// Beyond this, the longest rule decides.
const MOST_THREADS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::rules;
    use crate::facts::Nginx;
    use crate::facts::blocks::Blocks;

    #[test]
    fn threads_find_the_same_in_the_same_order() {
        let one = Facts::from_example("X-Powered-By: a\nServer: nginx/1.2.3\nSet-Cookie: sessionid=1");
        let many = (0..MANY).fold(one, |facts, _| facts.with_nginx(Nginx::new(Blocks::new())));
        let rules: Vec<_> = rules().collect();
        let found = judge(rules.iter().copied(), &many);
        let mut expected = Findings::default();
        for rule in &rules {
            (rule.check)(&many, &mut expected);
        }
        assert!(!expected.is_empty());
        assert_eq!(found, expected);
    }
}
