//! Where counts and samples are kept: what a store takes and what it can be asked.
//!
//! A batch is taken whole or not at all, and is durable when [`Store::apply`] returns. Any number of
//! readers may ask meanwhile. `tests/store.rs` is the one suite that every store passes.

mod error;
mod filter;
mod memory;
mod place;
#[cfg(feature = "store-postgres")]
mod postgres;
mod readers;
mod record;
mod sqlite;
mod tally;

pub use error::StoreError;
pub use filter::{Filter, NoiseFilter, Order};
pub use memory::Memory;
pub use place::{Place, PlaceError};
#[cfg(feature = "store-postgres")]
pub use postgres::{Address, Postgres};
pub use readers::{Lent, Readers};
pub use record::{Batch, Group, GroupDelta, PageCount, Point, Sample, SiteDelta, SiteSummary, StoredSample, Totals};
pub use sqlite::Sqlite;
pub use tally::{Fact, Tally};

use crate::subject::Fingerprint;

/// A keeper of reports.
pub trait Store: Send + std::fmt::Debug {
    /// Takes a batch; once this returns, no crash loses it.
    ///
    /// # Errors
    ///
    /// A [`StoreError`]; nothing of the batch is kept then.
    fn apply(&mut self, batch: &Batch) -> Result<(), StoreError>;

    /// Returns the key under which clients are hashed: always the same for one store.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn client_key(&mut self) -> Result<[u8; 16], StoreError>;

    /// Returns every group's fingerprint and site, so that a collector knows how many there are.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn known(&mut self) -> Result<Vec<(Fingerprint, String)>, StoreError>;

    /// Returns the groups that fit.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn groups(&mut self, filter: &Filter) -> Result<Vec<Group>, StoreError>;

    /// Returns one group.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn group(&mut self, id: Fingerprint) -> Result<Option<Group>, StoreError>;

    /// Returns the pages of a group with their counts, the most frequent first.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn pages(&mut self, id: Fingerprint) -> Result<Vec<PageCount>, StoreError>;

    /// Returns the samples of a group, the newest first.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn samples(&mut self, id: Fingerprint) -> Result<Vec<StoredSample>, StoreError>;

    /// Returns how many reports of the groups that fit came in each hour.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn series(&mut self, filter: &Filter) -> Result<Vec<Point>, StoreError>;

    /// Returns the sites with their totals.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn sites(&mut self) -> Result<Vec<SiteSummary>, StoreError>;

    /// Returns how much there is, of the groups that fit.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn totals(&mut self, filter: &Filter) -> Result<Totals, StoreError>;

    /// Returns the reports of the groups that fit by a fact, the most frequent value first, no more than so many.
    ///
    /// Counted in the hours that the filter's time touches.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn tally(&mut self, filter: &Filter, fact: Fact, most: usize) -> Result<Vec<Tally>, StoreError>;

    /// Forgets the groups that fit, with all that belongs to them, and says how many.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn purge(&mut self, filter: &Filter) -> Result<u64, StoreError>;

    /// Forgets groups not seen since, and hours before; says how many groups.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn retain_since(&mut self, millis: i64) -> Result<u64, StoreError>;

    /// Gives freed space back to the system, a little at a time.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn vacuum(&mut self) -> Result<(), StoreError>;

    /// Returns what was noted under a name.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn note(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Notes something small under a name, instead of what was noted before; reports know nothing of it.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn set_note(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError>;

    /// Starts anew after [`StoreError::Corrupt`]; says where the damaged data was put, if anywhere.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    fn recover(&mut self) -> Result<Option<String>, StoreError>;
}

/// How many samples a group keeps: the newest.
pub const SAMPLES: usize = 10;

/// How many pages a group keeps; the rest are counted without their names.
pub const PAGES: usize = 50;

/// An hour, in milliseconds.
pub(crate) const HOUR: i64 = 3_600_000;
