//! The tables, and how those of an older version become these: a list, each entry run once, in order.

use rusqlite::{Connection, TransactionBehavior};

use crate::store::StoreError;

/// Each entry's place plus one is the version it leads to; entries are never changed, only added.
static MIGRATIONS: &[&str] = &[
    // 1: groups and what belongs to them
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
     CREATE TABLE groups (
         id BLOB PRIMARY KEY, site TEXT NOT NULL, policy TEXT NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL,
         target TEXT NOT NULL, source TEXT NOT NULL, disposition TEXT NOT NULL, noise TEXT NOT NULL,
         count INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, clients BLOB NOT NULL
     ) WITHOUT ROWID;
     CREATE INDEX groups_seen ON groups (last_seen);
     CREATE TABLE pages (
         id BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE, page TEXT NOT NULL, count INTEGER NOT NULL,
         PRIMARY KEY (id, page)
     ) WITHOUT ROWID;
     CREATE TABLE series (
         id BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE, hour INTEGER NOT NULL, count INTEGER NOT NULL,
         PRIMARY KEY (id, hour)
     ) WITHOUT ROWID;
     CREATE TABLE samples (
         number INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
         received INTEGER NOT NULL, age INTEGER, url TEXT NOT NULL, user_agent TEXT NOT NULL, body TEXT NOT NULL
     );
     CREATE INDEX samples_group ON samples (id, number);
     CREATE TABLE sites (site TEXT PRIMARY KEY, clients BLOB NOT NULL) WITHOUT ROWID;",
];

/// Brings a database to the newest version; several processes may try at once.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version(connection)? == known {
        return Ok(());
    }
    // Takes the lock at once: the version must not change between being read and being written.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or_default()) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    Ok(transaction.commit()?)
}

/// Makes sure that a database is of the version that is known, and otherwise brings it there.
pub(super) fn check(connection: &mut Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "foreign_keys", "ON")?;
    run(connection)
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
