//! The same work for many things on all cores, with the results in the order of the things.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
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
        let start = |_| builder().spawn_scoped(scope, take).ok();
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
///
/// Each thread writes all of its results into the same room, so that much can be made in little memory. What is to be
/// kept of a result is taken out of it.
pub fn in_order<I: Sync, R: Default>(
    items: &[I],
    work: impl Fn(&I, &mut R) + Sync,
    take: impl FnMut(&mut R) -> ControlFlow<()> + Send,
) {
    let next = AtomicUsize::new(0);
    let line = Line { turn: Mutex::new(Turn { wanted: 0, take: Some(take) }), moved: Condvar::new() };
    let run = || {
        let mut result = R::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return };
            let _leaving = Leaving(&line);
            work(item, &mut result);
            if line.hand_on(number, &mut result).is_break() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..cores().min(items.len()) {
            // Without it, the others do its work.
            let _ = builder().spawn_scoped(scope, run);
        }
        run();
    });
}

/// The threads that wait with a result until those before it are handed on.
struct Line<T> {
    turn: Mutex<Turn<T>>,
    moved: Condvar,
}

struct Turn<T> {
    wanted: usize,
    /// Nobody, once no more is wanted.
    take: Option<T>,
}

impl<T> Line<T> {
    fn hand_on<R>(&self, number: usize, result: &mut R) -> ControlFlow<()>
    where
        T: FnMut(&mut R) -> ControlFlow<()>,
    {
        let is_early = |turn: &mut Turn<T>| turn.take.is_some() && turn.wanted != number;
        let waited = self.turn.lock().ok().and_then(|turn| self.moved.wait_while(turn, is_early).ok());
        let Some(mut turn) = waited else { return ControlFlow::Break(()) };
        let Some(take) = &mut turn.take else { return ControlFlow::Break(()) };
        if take(result).is_break() {
            turn.take = None;
        }
        turn.wanted += 1;
        self.moved.notify_all();
        ControlFlow::Continue(())
    }
}

/// Lets the others go when a thread panics, whose result they would wait for in vain.
struct Leaving<'a, T>(&'a Line<T>);

impl<T> Drop for Leaving<'_, T> {
    fn drop(&mut self) {
        if thread::panicking()
            && let Ok(mut turn) = self.0.turn.lock()
        {
            turn.take = None;
            self.0.moved.notify_all();
        }
    }
}

/// A configuration may be nested as deep as its reader allows, and the main thread's stack is the measure.
fn builder() -> thread::Builder {
    thread::Builder::new().stack_size(STACK)
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
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
            let expected: Vec<_> = items.iter().map(|item| item * 2).collect();
            assert_eq!(each(&items, |item| item * 2), expected);
            let mut taken = Vec::new();
            let double = |item: &usize, result: &mut usize| *result = item * 2;
            in_order(&items, double, |result| {
                taken.push(*result);
                ControlFlow::Continue(())
            });
            assert_eq!(taken, expected);
        }
    }

    #[test]
    fn nothing_is_handed_on_after_a_stop() {
        let items: Vec<usize> = (0..1_000).collect();
        let mut taken = 0;
        let same = |item: &usize, result: &mut usize| *result = *item;
        in_order(&items, same, |_| {
            taken += 1;
            if taken == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(taken, 3);
    }

    #[test]
    fn a_panic_leaves_nobody_waiting() {
        let items: Vec<usize> = (0..1_000).collect();
        let work = |item: &usize, _: &mut usize| assert!(*item != 5, "the fifth");
        let caught = std::panic::catch_unwind(|| in_order(&items, work, |_| ControlFlow::Continue(())));
        assert!(caught.is_err());
    }
}
