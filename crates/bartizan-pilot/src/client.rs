//! Who is one client: a network of one customer, hashed under a key that never leaves the store.
//!
//! A flood from many addresses of one network is one client here. Within a private network each address is one, or
//! an app for one office would never see two.

use std::collections::{BTreeSet, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The key under which clients are hashed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientKey(pub [u8; 16]);

impl std::fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientKey(…)")
    }
}

impl ClientKey {
    /// Returns what stands for a client; no address is kept.
    pub fn hash(self, address: IpAddr) -> u64 {
        let mut hash = Sha256::new();
        hash.update(self.0);
        match network(address) {
            IpAddr::V4(address) => hash.update(address.octets()),
            IpAddr::V6(address) => hash.update(address.octets()),
        }
        hash.finalize().split_at(8).0.try_into().map_or(0, u64::from_le_bytes)
    }

    /// Returns a client's place among a hundred: always the same, so that nobody is between two policies.
    pub fn place(self, address: IpAddr) -> u8 {
        // Other bits than those by which clients are told apart in tables.
        u8::try_from((self.hash(address) >> 20) % 100).unwrap_or_default()
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) if v4.is_private() || v4.is_loopback() || v4.is_link_local() => address,
        // What one owner of a small network can send from.
        IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & 0xffff_ff00)),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => network(IpAddr::V4(v4)),
            None if v6.is_unique_local() || v6.is_loopback() || v6.is_unicast_link_local() => address,
            // A /48 is what one site of a customer gets (RFC 6177).
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80)),
        },
    }
}

/// Different clients, counted exactly up to a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clients {
    seen: BTreeSet<u64>,
    /// More than can be told apart.
    #[serde(skip)]
    recent: HashSet<u64>,
}

impl Clients {
    /// Adds one.
    pub fn add(&mut self, client: u64) {
        if self.seen.len() < MOST_STORED {
            self.seen.insert(client);
        } else if self.recent.len() < MOST_KNOWN && !self.seen.contains(&client) {
            self.recent.insert(client);
        }
    }

    /// Returns how many there are, as far as they are counted.
    pub fn count(&self) -> u64 {
        (self.seen.len() + self.recent.len()) as u64
    }

    /// Whether one was added.
    pub fn contains(&self, client: u64) -> bool {
        self.seen.contains(&client) || self.recent.contains(&client)
    }
}

/// So many survive a restart; the rest come again.
const MOST_STORED: usize = 2000;

/// Half a megabyte. Of a larger site these are sample enough.
const MOST_KNOWN: usize = 60_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_is_one_client() {
        let key = ClientKey([7; 16]);
        for (one, other, is_same) in [
            ("192.0.2.1", "192.0.2.200", true),
            ("192.0.2.1", "192.0.3.1", false),
            ("10.0.0.1", "10.0.0.2", false), // colleagues
            ("127.0.0.1", "127.0.0.2", false),
            ("2001:db8:1::1", "2001:db8:1:ffff::2", true),
            ("2001:db8:1::1", "2001:db8:2::1", false),
            ("fd00::1", "fd00::2", false),
            ("::ffff:192.0.2.1", "192.0.2.9", true),
        ] {
            let [first, second] = [one, other].map(|text| key.hash(text.parse().unwrap()));
            assert_eq!(first == second, is_same, "{one} {other}");
        }
    }

    #[test]
    fn places_are_stable_and_even() {
        let key = ClientKey([1; 16]);
        let address = |number: u32| IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + number));
        let below = (0..10_000).filter(|number| key.place(address(*number)) < 25).count();
        assert!((2200..2800).contains(&below), "{below}");
        assert_eq!(key.place(address(1)), key.place(address(1)));
    }

    #[test]
    fn counts_are_bounded() {
        let mut clients = Clients::default();
        for client in 0..200_000 {
            clients.add(client);
        }
        assert_eq!(clients.count(), 62_000);
        assert!(clients.contains(5) && !clients.contains(199_999));
    }
}
