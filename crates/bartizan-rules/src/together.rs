//! The same work for many things on all cores, with the results in the order of the things.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

/// Returns what comes of each item, in their order.
pub fn each<I: Sync, R: Send>(items: &[I], work: impl Fn(&I) -> R + Sync) -> Vec<R> {
    let count = cores();
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

/// Hands on what comes of each item, in their order and as soon as it is there, until nobody wants more.
pub fn in_order<I: Sync, R: Send>(
    items: &[I],
    work: impl Fn(&I) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<()>,
) {
    let count = cores().min(items.len());
    if count <= 1 {
        let _ = items.iter().map(work).try_for_each(take);
        return;
    }
    let next = AtomicUsize::new(0);
    let (send, results) = sync_channel(AHEAD);
    thread::scope(|scope| {
        for _ in 0..count {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(number) else { return };
                    if send.send((number, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let (mut early, mut wanted) = (BTreeMap::new(), 0);
        // The receiver is dropped with the loop, which stops the others.
        for (number, result) in results {
            early.insert(number, result);
            while let Some(result) = early.remove(&wanted) {
                wanted += 1;
                if take(result).is_break() {
                    return;
                }
            }
        }
    });
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
}

/// Fewer files are read sooner than a thread starts.
const FEW: usize = 32;

/// Enough that threads seldom meet, and few enough that none waits long for another's last.
const CHUNK: usize = 8;

/// Results that may wait: whoever takes them is slower than those who make them only for moments.
const AHEAD: usize = 4;

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
            let expected: Vec<_> = items.iter().map(|item| item * 2).collect();
            assert_eq!(each(&items, |item| item * 2), expected);
            let mut taken = Vec::new();
            in_order(
                &items,
                |item| item * 2,
                |result| {
                    taken.push(result);
                    ControlFlow::Continue(())
                },
            );
            assert_eq!(taken, expected);
        }
    }

    #[test]
    fn nothing_is_handed_on_after_a_stop() {
        let items: Vec<usize> = (0..1_000).collect();
        let mut taken = 0;
        in_order(
            &items,
            |item| *item,
            |_| {
                taken += 1;
                if taken == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert_eq!(taken, 3);
    }
}
