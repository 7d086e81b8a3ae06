//! Every key is enforced: each key of the schema, each flag of `serve` and each variable is shown by its values.
//!
//! A probe runs one exchange, or one start, under each value and says what it saw. What it sees must be the
//! same when one value is tried twice, and differ between any two: so the key alone makes the difference.
//! Where a probe asks over HTTP/1.1 and HTTP/2, both must differ. A key takes two values at least; where it
//! takes one of a few words, every word is tried.

#![allow(clippy::unwrap_used, reason = "what goes wrong here is a failed test")]

mod alerts;
mod app;
mod asks;
mod autopilot;
mod case;
mod dashboard;
mod door;
mod fixture;
mod limits;
mod modes;
mod policy;
mod reports;
mod server;
mod settings;
mod site;
mod started;
mod tls;
mod upstream;
mod waf;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use bartizan::config::keys;

use case::Case;
use fixture::Fixture;

/// What a probe saw, part by part.
type Seen = Vec<(&'static str, String)>;

/// One key, values of it, and what tells them apart.
struct Proof {
    key: String,
    values: &'static [&'static str],
    /// Other keys that the exchange needs.
    also: Vec<(String, &'static str)>,
    probe: fn(&Case<'_>) -> Seen,
}

/// A row of a section's table: key, values, other keys, probe.
type Row = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)], fn(&Case<'_>) -> Seen);

/// Turns rows into proofs of the keys below a prefix.
fn below(prefix: &str, rows: &[Row]) -> Vec<Proof> {
    let whole = |key: &str| format!("{prefix}{key}");
    let proof = |&(key, values, also, probe): &Row| Proof {
        key: whole(key),
        values,
        also: also.iter().map(|(key, value)| (whole(key), *value)).collect(),
        probe,
    };
    rows.iter().map(proof).collect()
}

fn proofs() -> Vec<Proof> {
    // The slow ones first: they wait for times to pass, and the others run meanwhile.
    [
        limits::proofs(),
        upstream::proofs(),
        server::proofs(),
        autopilot::proofs(),
        reports::proofs(),
        alerts::proofs(),
        dashboard::proofs(),
        waf::proofs(),
        tls::proofs(),
        site::proofs(),
        policy::proofs(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn every_key_has_one_proof_and_every_proof_a_key() {
    let known: BTreeSet<String> = keys().into_iter().map(|key| key.path).collect();
    let proven: Vec<String> = proofs().into_iter().map(|proof| proof.key).collect();
    let once: BTreeSet<String> = proven.iter().cloned().collect();
    let without: Vec<_> = known.difference(&once).collect();
    assert!(without.is_empty(), "keys of the schema that nothing here shows to be enforced: {without:#?}");
    let foreign: Vec<_> = once.difference(&known).collect();
    assert!(foreign.is_empty(), "proofs of keys that the schema does not have: {foreign:#?}");
    assert_eq!(proven.len(), once.len(), "a key has two proofs");
}

#[test]
fn every_word_of_a_choice_is_tried() {
    let proofs = proofs();
    for key in keys() {
        let words = key.schema.get("enum").and_then(|words| words.as_array());
        let Some(proof) = proofs.iter().find(|proof| proof.key == key.path) else { continue };
        let tried: BTreeSet<String> = proof.values.iter().map(|value| (*value).to_owned()).collect();
        for word in words.into_iter().flatten().filter(|word| !word.is_null()) {
            assert!(tried.contains(&word.to_string()), "{}: {word} is not tried", key.path);
        }
    }
}

#[test]
fn every_key_makes_a_difference() {
    let fixture = Fixture::new();
    let proofs: Vec<Proof> = proofs().into_iter().filter(|proof| is_wanted(&proof.key)).collect();
    let faults = in_parallel(&proofs, |proof| {
        let run = |value| (proof.probe)(&Case::new(&fixture, &proof.also, &proof.key, value));
        (proof.key.clone(), compare(proof.values, run))
    });
    assert!(faults.is_empty(), "{} keys:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_flag_and_variable_makes_a_difference() {
    let fixture = Fixture::new();
    let faults = in_parallel(door::DOORS, |door| {
        (door.name.to_owned(), compare(door.values, |value| (door.probe)(&fixture, door, value)))
    });
    assert!(faults.is_empty(), "{} doors:\n{}", faults.len(), faults.join("\n"));
}

/// Tries each value, and the first twice; returns what is wrong, if anything is.
fn compare(values: &[&'static str], run: impl Fn(&'static str) -> Seen) -> Option<String> {
    let seen: Vec<Seen> = values.iter().map(|value| run(value)).collect();
    let [first, others @ ..] = seen.as_slice() else { return Some("it has no values".to_owned()) };
    let again = run(values[0]);
    if others.is_empty() {
        return Some("it has one value only".to_owned());
    }
    if *first != again {
        return Some(format!("{}, tried twice, differs:\n{first:#?}\n{again:#?}", values[0]));
    }
    let pairs = (0..seen.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
    for (earlier, later) in pairs {
        for ((part, one), (_, other)) in seen[earlier].iter().zip(&seen[later]) {
            if one == other {
                return Some(format!("{part}: {} and {} give the same:\n{one}", values[earlier], values[later]));
            }
        }
    }
    None
}

/// Judges each item on one of a few threads; returns the faults by name.
fn in_parallel<T: Sync>(items: &[T], judge: impl Fn(&T) -> (String, Option<String>) + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let faults = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let fault = match catch_unwind(AssertUnwindSafe(|| judge(item))) {
                        Ok((_, None)) => continue,
                        Ok((name, Some(fault))) => format!("{name}: {fault}"),
                        // The panic itself has been printed, with its place.
                        Err(_) => "a probe panicked, see above".to_owned(),
                    };
                    faults.lock().unwrap().push(fault);
                }
            });
        }
    });
    faults.into_inner().unwrap()
}

/// `KEY=server.limits cargo test ...` tries the keys with this in their path.
fn is_wanted(key: &str) -> bool {
    std::env::var("KEY").map_or(true, |wanted| key.contains(&wanted))
}

/// Most of them wait for a socket or a clock.
const THREADS: usize = 16;
