//! Takes over what other collectors stored: their reports pass the same street as a browser's.
//!
//! Known are the tables of Django Lookout and of django-csp-reports, as SQLite files. Both keep each report
//! as JSON, so that nothing of their own forms has to be guessed.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use rusqlite::{Connection, OpenFlags};

use crate::address::Queries;
use crate::counting::{Arrival, Bounds, Table};
use crate::json::{Limits, read};
use crate::noise;
use crate::shape;
use crate::sketch::Client;
use crate::store::{Batch, Store, StoreError};

/// What was taken over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Reports.
    pub reports: u64,
    /// Rows or lines that hold no report.
    pub unusable: u64,
}

/// Counts old reports at the times they came.
#[derive(Debug)]
pub struct Importer<'a> {
    store: &'a mut dyn Store,
    table: Table,
    hour: Option<i64>,
    queries: Queries,
    done: Imported,
}

/// A report that another collector kept.
#[derive(Debug, Clone, Copy)]
pub struct Old<'a> {
    /// The site it belongs to.
    pub site: &'a str,
    /// The version of the policy.
    pub policy: &'a str,
    /// When it came, in milliseconds since 1970.
    pub received: i64,
    /// The browser; stands for the client, whose address nobody kept.
    pub user_agent: &'a str,
    /// The body, in any form that a browser sends.
    pub body: &'a [u8],
}

impl<'a> Importer<'a> {
    /// Begins to import.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] where the store cannot be read.
    pub fn new(store: &'a mut dyn Store, queries: Queries) -> Result<Self, StoreError> {
        // What the operator brings along is no flood; only memory is bounded.
        let bounds = Bounds { new_groups_per_client: u16::MAX, ..Bounds::default() };
        let table = Table::new(bounds, store.known()?);
        Ok(Self { store, table, hour: None, queries, done: Imported::default() })
    }

    /// Counts what a body holds.
    ///
    /// # Errors
    ///
    /// A [`StoreError`]; what was added before may be stored.
    pub fn add(&mut self, old: Old<'_>) -> Result<(), StoreError> {
        let hour = old.received.div_euclid(crate::store::HOUR);
        if self.hour.is_some_and(|before| before != hour) || self.table.is_urgent() {
            self.flush()?;
        }
        self.hour = Some(hour);
        let value = read(old.body, Limits::default()).ok();
        let batch = value.and_then(|value| shape::reports(value, MOST_REPORTS, self.queries).ok());
        let Some(batch) = batch else {
            self.done.unusable += 1;
            return Ok(());
        };
        self.done.unusable += batch.unusable as u64;
        let client = client(IpAddr::V4(Ipv4Addr::UNSPECIFIED), old.user_agent);
        let arrival = Arrival { site: old.site, policy: old.policy, client, now: old.received };
        let Some(mut counting) = self.table.at(arrival) else { return Ok(()) };
        for mut report in batch.reports {
            if report.user_agent.is_none() && !old.user_agent.is_empty() {
                report.user_agent = Some(old.user_agent.into());
            }
            counting.count(&report, noise::class(&report, &[]));
            self.done.reports += 1;
        }
        Ok(())
    }

    /// Stores a batch that another store of ours exported.
    ///
    /// # Errors
    ///
    /// A [`StoreError`]; nothing of the batch is stored then.
    pub fn add_batch(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.store.apply(batch)?;
        self.done.reports += batch.reports();
        Ok(())
    }

    /// Counts a row or line that holds no report.
    pub fn add_unusable(&mut self) {
        self.done.unusable += 1;
    }

    /// Stores what is left, and says what was taken over.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn finish(mut self) -> Result<Imported, StoreError> {
        self.flush()?;
        Ok(self.done)
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        let batch = self.table.take(self.hour.unwrap_or_default().saturating_mul(crate::store::HOUR));
        if batch.is_empty() { Ok(()) } else { self.store.apply(&batch) }
    }

    /// Takes over the table of another collector from its SQLite file.
    ///
    /// # Errors
    ///
    /// An [`ImportError`] where there is no such table, or either database fails.
    pub fn add_database(&mut self, path: &Path, site: &str) -> Result<(), ImportError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let source = Connection::open_with_flags(path, flags)?;
        source.pragma_update(None, "trusted_schema", "OFF")?;
        let known = |table: &str| {
            let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
            source.query_row(sql, [table], |row| row.get::<_, bool>(0))
        };
        for (table, sql) in TABLES {
            if !known(table)? {
                continue;
            }
            let mut statement = source.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let text = |at| row.get_ref(at).ok().and_then(|value| value.as_str().ok()).unwrap_or_default();
                match instant(text(0)) {
                    Some(received) => {
                        let (user_agent, body) = (text(1), text(2).as_bytes());
                        self.add(Old { site, policy: "", received, user_agent, body }).map_err(ImportError::Store)?;
                    }
                    None => self.add_unusable(),
                }
            }
            return Ok(());
        }
        Err(ImportError::NoTable)
    }
}

/// Why a database is not taken over.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// None of the tables that are known.
    #[error("there is no table of reports in it: neither lookout_report nor cspreports_cspreport")]
    NoTable,
    /// The other collector's file.
    #[error("the file cannot be read")]
    Source(#[from] rusqlite::Error),
    /// Our own store.
    #[error(transparent)]
    Store(StoreError),
}

/// Reads a time as Django writes it into SQLite, or as it stands in the lines of an export.
pub fn instant(text: &str) -> Option<i64> {
    let timestamp = text.parse::<Timestamp>().ok();
    let timestamp = timestamp.or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    });
    timestamp.map(Timestamp::as_millisecond)
}

fn client(address: IpAddr, user_agent: &str) -> Client {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (address, user_agent).hash(&mut hasher);
    Client(hasher.finish())
}

/// Time, browser and report of each row, oldest first: hours are counted as they pass.
const TABLES: &[(&str, &str)] = &[
    ("lookout_report", "SELECT created_time, '', body FROM lookout_report ORDER BY created_time"),
    (
        "cspreports_cspreport",
        "SELECT created, coalesce(user_agent, ''), json FROM cspreports_cspreport ORDER BY created",
    ),
];

const MOST_REPORTS: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Filter, Memory};

    #[test]
    fn tables_of_other_collectors_are_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        for (name, schema, reports, unusable) in [
            (
                "lookout",
                "CREATE TABLE lookout_report (uuid, created_time, incident_time, type, url, body);
                 INSERT INTO lookout_report VALUES ('1', '2020-01-01 10:00:00.5', '', 'csp', '', '{\"type\":\"csp\",
                 \"age\":1,\"url\":\"https://a.example/\",\"body\":{\"blocked\":\"inline\",\"directive\":\"script-src\"}}');
                 INSERT INTO lookout_report VALUES ('2', '2020-01-01 12:00:00', '', 'csp', '', '{}');
                 INSERT INTO lookout_report VALUES ('3', 'never', '', 'csp', '', '{}')",
                1,
                2,
            ),
            (
                "cspreports",
                "CREATE TABLE cspreports_cspreport (id, created, json, user_agent);
                 INSERT INTO cspreports_cspreport VALUES (1, '2020-01-01 10:00:00', '{\"csp-report\":
                 {\"document-uri\":\"https://a.example/\",\"violated-directive\":\"img-src\"}}', NULL)",
                1,
                0,
            ),
        ] {
            let path = folder.path().join(name);
            Connection::open(&path).unwrap().execute_batch(schema).unwrap();
            let mut store = Memory::new();
            let mut importer = Importer::new(&mut store, Queries::Drop).unwrap();
            importer.add_database(&path, "a").unwrap();
            assert_eq!(importer.finish().unwrap(), Imported { reports, unusable }, "{name}");
            assert_eq!(store.totals(&Filter::default()).unwrap().reports, reports);
            assert_eq!(store.series(&Filter::default()).unwrap()[0].hour, instant("2020-01-01T10:00:00Z").unwrap());
        }
        let path = folder.path().join("other");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
        let mut store = Memory::new();
        let mut importer = Importer::new(&mut store, Queries::Drop).unwrap();
        assert!(matches!(importer.add_database(&path, "a"), Err(ImportError::NoTable)));
    }
}
