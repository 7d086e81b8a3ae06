//! The same work for many things on all cores, with the results in the order of the things.

use std::collections::BTreeMap;
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
/// Results are written into rooms that are used again, so that much can be made in little memory. What is to be kept of a
/// result is taken out of it.
pub fn in_order<I: Sync, R: Default + Send>(
    items: &[I],
    work: impl Fn(&I, &mut R) + Sync,
    take: impl FnMut(&mut R) -> ControlFlow<()> + Send,
) {
    let next = AtomicUsize::new(0);
    let turn = Turn { wanted: 0, take: Some(take), is_over: false, ready: BTreeMap::new(), rooms: Vec::new() };
    let line = Line { turn: Mutex::new(turn), moved: Condvar::new() };
    let run = || {
        let mut room = R::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return };
            let _leaving = Leaving(&line);
            work(item, &mut room);
            let Some(other) = line.hand_on(number, room) else { return };
            room = other;
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

/// What was made and waits for what comes before it.
struct Line<T, R> {
    turn: Mutex<Turn<T, R>>,
    moved: Condvar,
}

struct Turn<T, R> {
    wanted: usize,
    /// Nobody while a thread hands on; the others lay down what they have, and go on.
    take: Option<T>,
    /// Whether no more is wanted.
    is_over: bool,
    ready: BTreeMap<usize, R>,
    /// Rooms to use again.
    rooms: Vec<R>,
}

impl<T: FnMut(&mut R) -> ControlFlow<()>, R: Default> Line<T, R> {
    /// Lays down a result and hands on what can be; returns room for another, or nothing, once no more is wanted.
    fn hand_on(&self, number: usize, result: R) -> Option<R> {
        let is_far = |turn: &mut Turn<T, R>| !turn.is_over && number > turn.wanted + AHEAD;
        let mut turn = self.moved.wait_while(self.turn.lock().ok()?, is_far).ok()?;
        turn.ready.insert(number, result);
        while !turn.is_over {
            let wanted = turn.wanted;
            if !turn.ready.contains_key(&wanted) {
                break;
            }
            let Some(mut take) = turn.take.take() else { break };
            let mut result = turn.ready.remove(&wanted).unwrap_or_default();
            drop(turn);
            let flow = take(&mut result);
            turn = self.turn.lock().ok()?;
            turn.take = Some(take);
            turn.wanted += 1;
            turn.is_over |= flow.is_break();
            turn.rooms.push(result);
            self.moved.notify_all();
        }
        if turn.is_over { None } else { Some(turn.rooms.pop().unwrap_or_default()) }
    }
}

/// Lets the others go when a thread panics, whose result they would wait for in vain.
struct Leaving<'a, T, R>(&'a Line<T, R>);

impl<T, R> Drop for Leaving<'_, T, R> {
    fn drop(&mut self) {
        if thread::panicking()
            && let Ok(mut turn) = self.0.turn.lock()
        {
            turn.is_over = true;
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

/// So many results may wait: enough that no thread stands still while another writes, and few enough to be held.
const AHEAD: usize = 8;

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
        let number = |item: &usize, result: &mut usize| *result = *item;
        let take = |result: &mut usize| {
            assert!(*result != 5, "the fifth");
            ControlFlow::Continue(())
        };
        assert!(std::panic::catch_unwind(|| in_order(&items, number, take)).is_err());
    }
}
