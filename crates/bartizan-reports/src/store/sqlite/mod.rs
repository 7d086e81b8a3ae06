//! The embedded store: one SQLite file, written by one process at a time, read by any.
//!
//! WAL with full synchronisation: what is committed survives a crash of the process and of the machine, and
//! readers never wait for the writer. Commits are few, since a collector counts in memory first.

mod migrations;
mod read;
mod tally;
mod write;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::record::{Batch, Group, PageCount, Point, SiteSummary, StoredSample, Totals};
use super::{Fact, Filter, Store, StoreError, Tally};
use crate::subject::Fingerprint;

/// Reports in a SQLite file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    connection: Connection,
}

impl Sqlite {
    /// Opens a file, and makes or renews what is in it.
    ///
    /// # Errors
    ///
    /// A [`StoreError`]; a damaged file is [`StoreError::Corrupt`] and stays as it is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = connect(path)?;
        migrations::run(&mut connection)?;
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Opens a file as it is, to be read only; it must be there.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        migrations::check(&mut connection)?;
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Opens a file, or puts a damaged one aside and begins anew; says where the damaged one is.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn open_or_replace(path: &Path) -> Result<(Self, Option<PathBuf>), StoreError> {
        match Self::open(path) {
            Ok(store) => Ok((store, None)),
            Err(StoreError::Corrupt(_)) => {
                let aside = put_aside(path)?;
                Ok((Self::open(path)?, Some(aside)))
            }
            Err(error) => Err(error),
        }
    }

    /// Bounds the file, as a full disk would: for tests of what stands above.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        Ok(self.connection.pragma_update(None, "max_page_count", pages)?)
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    // Before the first table, or it needs a full vacuum to take effect.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // A damaged or hostile file must not run what stands in its schema.
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Renames a damaged file and its log; never over another.
fn put_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let aside = (1..=MOST_ASIDE)
        .map(|number| path.with_file_name(format!("{name}.damaged-{number}")))
        .find(|aside| !aside.exists())
        .ok_or_else(|| StoreError::Other("too many damaged files lie beside the store".into()))?;
    std::fs::rename(path, &aside).map_err(|error| StoreError::Other(error.into()))?;
    for ending in ["-wal", "-shm"] {
        // Without its database a log means nothing, and beside a new one it would be read.
        let _ = std::fs::rename(
            path.with_file_name(format!("{name}{ending}")),
            aside.with_file_name(format!("{}{ending}", aside.file_name().unwrap_or_default().to_string_lossy())),
        );
    }
    Ok(aside)
}

impl Store for Sqlite {
    fn apply(&mut self, batch: &Batch) -> Result<(), StoreError> {
        write::apply(&mut self.connection, batch)
    }

    fn client_key(&mut self) -> Result<[u8; 16], StoreError> {
        write::client_key(&self.connection)
    }

    fn known(&mut self) -> Result<Vec<(Fingerprint, String)>, StoreError> {
        read::known(&self.connection)
    }

    fn groups(&mut self, filter: &Filter) -> Result<Vec<Group>, StoreError> {
        read::groups(&self.connection, filter)
    }

    fn group(&mut self, id: Fingerprint) -> Result<Option<Group>, StoreError> {
        read::group(&self.connection, id)
    }

    fn pages(&mut self, id: Fingerprint) -> Result<Vec<PageCount>, StoreError> {
        read::pages(&self.connection, id)
    }

    fn samples(&mut self, id: Fingerprint) -> Result<Vec<StoredSample>, StoreError> {
        read::samples(&self.connection, id)
    }

    fn series(&mut self, filter: &Filter) -> Result<Vec<Point>, StoreError> {
        read::series(&self.connection, filter)
    }

    fn sites(&mut self) -> Result<Vec<SiteSummary>, StoreError> {
        read::sites(&self.connection)
    }

    fn totals(&mut self, filter: &Filter) -> Result<Totals, StoreError> {
        read::totals(&self.connection, filter)
    }

    fn tally(&mut self, filter: &Filter, fact: Fact, most: usize) -> Result<Vec<Tally>, StoreError> {
        tally::tally(&self.connection, filter, fact, most)
    }

    fn purge(&mut self, filter: &Filter) -> Result<u64, StoreError> {
        write::purge(&mut self.connection, filter)
    }

    fn retain_since(&mut self, millis: i64) -> Result<u64, StoreError> {
        write::retain_since(&mut self.connection, millis)
    }

    fn vacuum(&mut self) -> Result<(), StoreError> {
        write::vacuum(&self.connection)
    }

    fn note(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        read::note(&self.connection, name)
    }

    fn set_note(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        write::set_note(&self.connection, name, value)
    }

    fn recover(&mut self) -> Result<Option<String>, StoreError> {
        // The old file must be closed before it is renamed, or its log is written back on closing.
        self.connection = Connection::open_in_memory()?;
        let aside = put_aside(&self.path)?;
        *self = Self::open(&self.path)?;
        Ok(Some(aside.display().to_string()))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Away(error.into()),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(error.into()),
            Some(ErrorCode::DiskFull) => Self::Full(error.into()),
            _ => Self::Other(error.into()),
        }
    }
}

/// How long another's lock is waited for; the collector goes on counting meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);

/// In kibibytes, as SQLite writes it: the hot pages of 10,000 groups.
const CACHE_KIB: i64 = -8192;

const STATEMENTS: usize = 32;

/// More than this are no accident, and would fill the disk.
const MOST_ASIDE: u32 = 20;
