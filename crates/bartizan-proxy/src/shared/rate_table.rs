//! Token buckets, by client and by what they bound; one table for all workers.
//!
//! Buckets are kept as the time at which they are full again (the generic cell rate algorithm), so a full
//! bucket carries no information and may be forgotten at no cost. The table never grows: a new client takes
//! the place of the fullest bucket among its few neighbours. Filling it on purpose therefore forgets those
//! first who are nearly within their limit anyway.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::ClientKey;
use crate::config::RequestRate;

/// What a bucket bounds: all requests of a client, or those to one route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope(pub u64);

impl Scope {
    /// All requests to this process.
    pub const PROCESS: Self = Self(0);
}

/// What a bucket held after a request asked for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Whether there was a token.
    pub is_allowed: bool,
    /// Tokens that are left.
    pub remaining: u32,
    /// How long until there is a token again; zero while some are left.
    pub retry_after: Duration,
    /// How long until the bucket is full.
    pub full_after: Duration,
}

/// The buckets of the process.
#[derive(Debug)]
pub struct RateTable {
    shards: Vec<Mutex<Vec<Slot>>>,
    /// Keys differ by process, so that nobody can aim at one set.
    keys: RandomState,
    /// Times are counted from here.
    epoch: Instant,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    client: ClientKey,
    scope: Scope,
    /// Nanoseconds after the epoch when the bucket is full; 0 marks a slot that was never used.
    full_at: u64,
}

impl RateTable {
    /// Makes a table that counts from this moment.
    pub fn new(epoch: Instant) -> Self {
        // The slots are made on first use: most walls run without rate limits.
        let shards = std::iter::repeat_with(Mutex::default).take(SHARDS).collect();
        Self { shards, keys: RandomState::new(), epoch }
    }

    /// Takes a token for one request, if there is one.
    pub fn take(&self, client: ClientKey, scope: Scope, rate: RequestRate, now: Instant) -> Level {
        // One more than the time itself: 0 means never.
        let now = nanos(now.saturating_duration_since(self.epoch)).saturating_add(1);
        let step = (nanos(rate.per) / u64::from(rate.count.get())).max(1);
        let depth = step.saturating_mul(u64::from(rate.burst.get()));

        let hash = self.keys.hash_one((client, scope));
        let at = usize::try_from(hash % SHARDS as u64).unwrap_or_default();
        let set = usize::try_from(hash / SHARDS as u64 % SETS as u64).unwrap_or_default();
        let Some(shard) = self.shards.get(at) else { return Level::of(0, step, depth, true) };
        let mut slots = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.is_empty() {
            slots.resize(SETS * WAYS, Slot { client, scope, full_at: 0 });
        }
        let Some(set) = slots.get_mut(set * WAYS..(set + 1) * WAYS) else { return Level::of(0, step, depth, true) };
        let own = set.iter().position(|slot| slot.full_at != 0 && slot.client == client && slot.scope == scope);
        let Some(slot) = (match own {
            Some(own) => set.get_mut(own),
            None => set.iter_mut().min_by_key(|slot| slot.full_at),
        }) else {
            return Level::of(0, step, depth, true);
        };
        if own.is_none() {
            *slot = Slot { client, scope, full_at: now };
        }
        let missing = slot.full_at.saturating_sub(now);
        let after = missing.saturating_add(step);
        if after > depth {
            return Level::of(missing, step, depth, false);
        }
        slot.full_at = now.saturating_add(after);
        Level::of(after, step, depth, true)
    }
}

impl Default for RateTable {
    fn default() -> Self {
        Self::new(Instant::now())
    }
}

impl Level {
    /// Returns what a bucket says in which so many nanoseconds' worth of tokens are missing.
    fn of(missing: u64, step: u64, depth: u64, is_allowed: bool) -> Self {
        let remaining = depth.saturating_sub(missing) / step;
        let wait = if remaining > 0 { 0 } else { missing.saturating_add(step).saturating_sub(depth) };
        Self {
            is_allowed,
            remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
            retry_after: Duration::from_nanos(wait),
            full_after: Duration::from_nanos(missing),
        }
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// More than cores, so that workers rarely meet.
const SHARDS: usize = 64;
/// Sets of a shard; 64 × 128 × 8 slots are 65 536 buckets in some 3 MiB.
const SETS: usize = 128;
/// Slots a bucket can stand in: few enough to look through, enough that neighbours rarely push each other out.
const WAYS: usize = 8;

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::num::NonZeroU32;

    use super::*;

    fn rate(count: u32, seconds: u64, burst: u32) -> RequestRate {
        RequestRate {
            count: NonZeroU32::new(count).unwrap(),
            per: Duration::from_secs(seconds),
            burst: NonZeroU32::new(burst).unwrap(),
        }
    }

    fn client(number: u32) -> ClientKey {
        IpAddr::V4(Ipv4Addr::from_bits(number)).into()
    }

    #[test]
    fn a_bucket_holds_its_burst_and_refills() {
        let epoch = Instant::now();
        let table = RateTable::new(epoch);
        let rate = rate(2, 1, 3);
        for (millis, is_allowed, remaining, retry_millis) in [
            (0, true, 2, 0),
            (0, true, 1, 0),
            (0, true, 0, 500),
            (0, false, 0, 500),
            (499, false, 0, 1),
            (500, true, 0, 500),
            (10_000, true, 2, 0),
        ] {
            let level = table.take(client(1), Scope::PROCESS, rate, epoch + Duration::from_millis(millis));
            let found = (level.is_allowed, level.remaining, level.retry_after.as_millis());
            assert_eq!(found, (is_allowed, remaining, retry_millis), "{millis} ms");
        }
    }

    #[test]
    fn clients_and_scopes_have_buckets_of_their_own() {
        let epoch = Instant::now();
        let table = RateTable::new(epoch);
        let rate = rate(1, 60, 1);
        for (number, scope, is_allowed) in
            [(1, Scope(0), true), (1, Scope(0), false), (2, Scope(0), true), (1, Scope(7), true), (1, Scope(7), false)]
        {
            assert_eq!(table.take(client(number), scope, rate, epoch).is_allowed, is_allowed, "{number} {scope:?}");
        }
    }

    #[test]
    fn two_workers_share_one_bucket() {
        let epoch = Instant::now();
        let table = RateTable::new(epoch);
        let rate = rate(1, 3600, 100);
        let allowed: usize = std::thread::scope(|scope| {
            let worker = || (0..100).filter(|_| table.take(client(1), Scope(1), rate, epoch).is_allowed).count();
            let workers = [scope.spawn(worker), scope.spawn(worker)];
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        assert_eq!(allowed, 100);
    }

    #[test]
    fn strangers_push_out_the_full_buckets_first_and_the_table_never_grows() {
        let epoch = Instant::now();
        let table = RateTable::new(epoch);
        let slow = rate(1, 3600, 10);
        let fast = rate(1000, 1, 1000);
        for _ in 0..10 {
            table.take(client(0), Scope(1), slow, epoch);
        }
        let later = epoch + Duration::from_secs(1);
        for number in 1..200_000 {
            table.take(client(number), Scope(1), fast, later);
        }
        assert!(!table.take(client(0), Scope(1), slow, later).is_allowed, "the empty bucket is still known");
        let slots: usize = table.shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
        assert_eq!(slots, SHARDS * SETS * WAYS);
    }
}
