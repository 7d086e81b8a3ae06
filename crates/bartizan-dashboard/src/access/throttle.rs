//! How often somebody may try a password: by client and by user name, in bounded tables.
//!
//! Counted before the password is looked at, and alike for names that are nobody's.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

/// The tries of late.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    clients: Mutex<Buckets<IpAddr>>,
    users: Mutex<Buckets<[u8; 32]>>,
}

impl Throttle {
    /// Whether a client may try a user's password now; `now` is in milliseconds.
    pub(crate) fn take(&self, client: IpAddr, user: &str, now: u64) -> bool {
        let by_client = self.clients.lock().unwrap_or_else(PoisonError::into_inner).take(network(client), now);
        // Both count, whatever the first says: else a client that is known would leave no trace at the user.
        let by_user = self.users.lock().unwrap_or_else(PoisonError::into_inner).take(name(user), now);
        by_client && by_user
    }

    /// Forgets the tries of a client and a user who knew the password.
    pub(crate) fn forgive(&self, client: IpAddr, user: &str) {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).0.remove(&network(client));
        self.users.lock().unwrap_or_else(PoisonError::into_inner).0.remove(&name(user));
    }
}

#[derive(Debug)]
struct Buckets<K>(HashMap<K, Bucket>);

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Tries spent, in milliseconds of the time that gives one back.
    spent: u64,
    at: u64,
}

impl Bucket {
    fn spent(&self, now: u64) -> u64 {
        self.spent.saturating_sub(now.saturating_sub(self.at))
    }
}

impl<K: Copy + Eq + Hash> Buckets<K> {
    fn take(&mut self, key: K, now: u64) -> bool {
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            self.0.retain(|_, bucket| bucket.spent(now) > 0);
            // Still full: whoever tried least makes room.
            let least = self.0.iter().min_by_key(|(_, bucket)| bucket.spent(now)).map(|(key, _)| *key);
            if self.0.len() >= MOST
                && let Some(least) = least
            {
                self.0.remove(&least);
            }
        }
        let bucket = self.0.entry(key).or_insert(Bucket { spent: 0, at: now });
        let spent = bucket.spent(now);
        let may = spent + BACK <= TRIES * BACK;
        *bucket = Bucket { spent: if may { spent + BACK } else { spent }, at: now };
        may
    }
}

/// A network of IPv6 belongs to one client as an address of IPv4 does.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Names may be long; their hashes are not.
fn name(user: &str) -> [u8; 32] {
    Sha256::digest(user.as_bytes()).into()
}

/// Who forgot a password tries a few; who guesses needs thousands.
const TRIES: u64 = 10;

/// The time that gives a try back, in milliseconds: two a minute.
const BACK: u64 = 30_000;

/// The clients, and the names, that are remembered.
const MOST: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_counted_by_client_and_by_user() {
        let one: IpAddr = "192.0.2.1".parse().unwrap();
        let throttle = Throttle::default();
        for number in 0..TRIES {
            assert!(throttle.take(one, &format!("user{number}"), 0));
        }
        assert!(!throttle.take(one, "another", 0));
        assert!(throttle.take("192.0.2.2".parse().unwrap(), "another", 0));
        assert!(throttle.take(one, "another", BACK));
        assert!(!throttle.take(one, "another", BACK));

        let throttle = Throttle::default();
        for number in 0..TRIES {
            assert!(throttle.take(IpAddr::from([10, 0, 0, u8::try_from(number).unwrap()]), "ada", 0));
        }
        assert!(!throttle.take("198.51.100.1".parse().unwrap(), "ada", 0));
        assert!(throttle.take("198.51.100.1".parse().unwrap(), "eve", 0));
        throttle.forgive(one, "ada");
        assert!(throttle.take(one, "ada", 0));
    }

    #[test]
    fn one_network_is_one_client() {
        for (one, other, is_same) in [
            ("2001:db8::1", "2001:db8::2", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
        ] {
            assert_eq!(network(one.parse().unwrap()) == network(other.parse().unwrap()), is_same, "{one} {other}");
        }
    }

    #[test]
    fn the_tables_are_bounded_and_a_flood_frees_nobody() {
        let mut buckets = Buckets::default();
        for _ in 0..TRIES {
            assert!(buckets.take(0_u32, 0));
        }
        for key in 1..5_000 {
            buckets.take(key, 0);
        }
        assert!(buckets.0.len() <= MOST);
        assert!(!buckets.take(0, 0));
    }
}
