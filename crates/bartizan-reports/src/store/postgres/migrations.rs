//! The tables, and how those of an older version become these: a list, each entry run once, in order.

use tokio_postgres::{Client, Transaction};

use super::failed;
use crate::store::StoreError;

/// Each entry's place plus one is the version it leads to; entries are never changed, only added.
static MIGRATIONS: &[&str] = &[
    // 1: groups and what belongs to them; pages may be longer than an index can hold
    "CREATE TABLE bartizan_meta (name text PRIMARY KEY, value bytea NOT NULL);
     CREATE TABLE bartizan_groups (
         id bytea PRIMARY KEY, site text NOT NULL, policy text NOT NULL, kind text NOT NULL, what text NOT NULL,
         target text NOT NULL, source text NOT NULL, disposition text NOT NULL, noise text NOT NULL,
         count bigint NOT NULL, first_seen bigint NOT NULL, last_seen bigint NOT NULL, clients bytea NOT NULL
     );
     CREATE INDEX bartizan_groups_seen ON bartizan_groups (last_seen);
     CREATE TABLE bartizan_pages (
         id bytea NOT NULL REFERENCES bartizan_groups (id) ON DELETE CASCADE, page text NOT NULL, count bigint NOT NULL
     );
     CREATE UNIQUE INDEX bartizan_pages_page ON bartizan_pages (id, md5(page));
     CREATE TABLE bartizan_series (
         id bytea NOT NULL REFERENCES bartizan_groups (id) ON DELETE CASCADE, hour bigint NOT NULL,
         count bigint NOT NULL, PRIMARY KEY (id, hour)
     );
     CREATE TABLE bartizan_samples (
         number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         id bytea NOT NULL REFERENCES bartizan_groups (id) ON DELETE CASCADE, received bigint NOT NULL, age bigint,
         url text NOT NULL, user_agent text NOT NULL, body text NOT NULL
     );
     CREATE INDEX bartizan_samples_group ON bartizan_samples (id, number);
     CREATE TABLE bartizan_sites (site text PRIMARY KEY, clients bytea NOT NULL);
     CREATE TABLE bartizan_writers (writer bytea PRIMARY KEY, batch bytea NOT NULL, at bigint NOT NULL);",
];

/// Brings a database to the newest version; several processes may try at once.
pub(super) async fn run(client: &mut Client) -> Result<(), StoreError> {
    let transaction = client.transaction().await.map_err(failed)?;
    super::write::lock(&transaction).await?;
    let found = version(&transaction).await?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    if found == known {
        // Said and waited for: dropped, it would be said with the next question, and others wait for the lock until then.
        return transaction.rollback().await.map_err(failed);
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or_default()) {
        transaction.batch_execute(migration).await.map_err(failed)?;
    }
    let known = known.to_string().into_bytes();
    let sql =
        "INSERT INTO bartizan_meta VALUES ('version', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    transaction.execute(sql, &[&known]).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

async fn version(transaction: &Transaction<'_>) -> Result<i64, StoreError> {
    let is_there =
        transaction.query_one("SELECT to_regclass('bartizan_meta') IS NOT NULL", &[]).await.map_err(failed)?;
    if !is_there.try_get::<_, bool>(0).map_err(failed)? {
        return Ok(0);
    }
    let sql = "SELECT value FROM bartizan_meta WHERE name = 'version'";
    let Some(row) = transaction.query_opt(sql, &[]).await.map_err(failed)? else { return Ok(0) };
    let value: Vec<u8> = row.try_get(0).map_err(failed)?;
    let number = std::str::from_utf8(&value).ok().and_then(|text| text.parse().ok());
    number.ok_or_else(|| StoreError::Corrupt("the version of the tables is no number".into()))
}
