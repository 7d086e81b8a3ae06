//! How many connections are open, in total and by client.
//!
//! The table holds clients with an open connection only, so it is bounded by the limit on connections,
//! and without one by the open files of the process.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::ClientKey;
use crate::config::Limits;

/// Open connections.
#[derive(Debug)]
pub struct ClientTable {
    total: AtomicU32,
    shards: [Mutex<HashMap<ClientKey, u32>>; SHARDS],
    /// Keys differ by process, so that nobody can aim at one shard.
    keys: RandomState,
}

/// Which limit a connection met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// The limit of one client.
    Client,
    /// The limit of the process.
    Total,
}

/// One open connection; dropping it gives its place back.
#[derive(Debug)]
pub struct ConnectionPermit {
    table: Arc<ClientTable>,
    client: ClientKey,
}

impl ClientTable {
    /// Takes a place for a connection from this client.
    ///
    /// # Errors
    ///
    /// [`Full`] says whose limit is met; nothing is taken then.
    pub fn try_open(self: &Arc<Self>, client: IpAddr, limits: &Limits) -> Result<ConnectionPermit, Full> {
        let most = limits.connections.map_or(u32::MAX, NonZeroU32::get);
        let took =
            self.total.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |open| (open < most).then(|| open + 1));
        took.map_err(|_| Full::Total)?;
        let client = ClientKey::from(client);
        let most = limits.connections_per_client.map_or(u32::MAX, NonZeroU32::get);
        let mut shard = self.shard(client).lock().unwrap_or_else(PoisonError::into_inner);
        let open = shard.entry(client).or_insert(0);
        if *open >= most {
            self.total.fetch_sub(1, Ordering::Relaxed);
            return Err(Full::Client);
        }
        *open += 1;
        drop(shard);
        Ok(ConnectionPermit { table: Arc::clone(self), client })
    }

    /// Returns how many connections are open.
    pub fn open(&self) -> u32 {
        self.total.load(Ordering::Relaxed)
    }

    fn shard(&self, client: ClientKey) -> &Mutex<HashMap<ClientKey, u32>> {
        let at = usize::try_from(self.keys.hash_one(client) % SHARDS as u64).unwrap_or_default();
        &self.shards[at]
    }
}

impl Default for ClientTable {
    fn default() -> Self {
        Self { total: AtomicU32::new(0), shards: std::array::from_fn(|_| Mutex::default()), keys: RandomState::new() }
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut shard = self.table.shard(self.client).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = shard.get_mut(&self.client) {
            *open -= 1;
            if *open == 0 {
                shard.remove(&self.client);
            }
        }
        self.table.total.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Enough that workers rarely meet: more than cores, and a power of two.
const SHARDS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(total: u32, client: u32) -> Limits {
        Limits {
            connections: NonZeroU32::new(total),
            connections_per_client: NonZeroU32::new(client),
            ..Limits::default()
        }
    }

    #[test]
    fn each_client_and_all_together_are_bounded() {
        let table = Arc::new(ClientTable::default());
        let limits = limits(3, 2);
        let mut open = Vec::new();
        for (client, expected) in [
            ("2001:db8::1", None),
            ("2001:db8::2", None),
            ("2001:db8::3", Some(Full::Client)),
            ("192.0.2.1", None),
            ("192.0.2.2", Some(Full::Total)),
        ] {
            let outcome = table.try_open(client.parse().unwrap(), &limits);
            assert_eq!(outcome.as_ref().err().copied(), expected, "{client}");
            open.extend(outcome.ok());
        }
        assert_eq!(table.open(), 3);
        open.remove(0);
        assert!(table.try_open("2001:db8::4".parse().unwrap(), &limits).is_ok());
        open.clear();
        assert_eq!(table.open(), 0);
        assert!(table.shards.iter().all(|shard| shard.lock().unwrap().is_empty()), "no client is remembered");
    }

    #[test]
    fn two_workers_share_one_limit() {
        let table = Arc::new(ClientTable::default());
        let limits = limits(1000, 100);
        let opened: usize = std::thread::scope(|scope| {
            let worker = || {
                let open = || table.try_open(IpAddr::from([192, 0, 2, 1]), &limits).ok();
                std::iter::repeat_with(open).take(200).flatten().collect::<Vec<_>>()
            };
            let (one, other) = (scope.spawn(worker), scope.spawn(worker));
            // Both results are alive until they are counted.
            let (one, other) = (one.join().unwrap(), other.join().unwrap());
            one.len() + other.len()
        });
        assert_eq!(opened, 100);
        assert_eq!(table.open(), 0);
    }
}
