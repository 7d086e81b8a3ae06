//! The same work for many files on all cores, with the results in the order of the files.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Returns what comes of each item, in their order.
pub(crate) fn each<I: Sync, R: Send>(items: &[I], work: impl Fn(&I) -> R + Sync) -> Vec<R> {
    let count = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    if items.len() < FEW || count == 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(CHUNK, Ordering::Relaxed);
            let Some(chunk) = items.get(start..(start + CHUNK).min(items.len())) else { return done };
            if chunk.is_empty() {
                return done;
            }
            done.push((start, chunk.iter().map(&work).collect::<Vec<R>>()));
        }
    };
    let mut done = thread::scope(|scope| {
        // A configuration may be nested as deep as its reader allows, and the main thread's stack is the measure.
        let start = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take).ok();
        let others: Vec<_> = (1..count).filter_map(start).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(start, _)| *start);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

/// Fewer files are read sooner than a thread starts.
const FEW: usize = 32;

/// Enough that threads seldom meet, and few enough that none waits long for another's last.
const CHUNK: usize = 8;

/// Beyond this, the disk decides.
const MOST_THREADS: usize = 8;

/// As much as the main thread usually has.
const STACK: usize = 8 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order() {
        for count in [0, 1, FEW, FEW * CHUNK + 3] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(each(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
    }
}
