//! What changes the database; each change is one transaction.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params, params_from_iter};

use super::read::conditions;
use crate::noise::Class;
use crate::sketch::Sketch;
use crate::store::record::Batch;
use crate::store::{Filter, HOUR, PAGES, SAMPLES, StoreError};

pub(super) fn apply(connection: &mut Connection, batch: &Batch) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut clients = transaction.prepare_cached("SELECT clients FROM groups WHERE id = ?1")?;
        let mut group = transaction.prepare_cached(
            "INSERT INTO groups VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (id) DO UPDATE SET count = count + excluded.count, clients = excluded.clients,
             first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)",
        )?;
        let mut hour = transaction.prepare_cached(
            "INSERT INTO series VALUES (?1, ?2, ?3) ON CONFLICT (id, hour) DO UPDATE SET count = count + excluded.count",
        )?;
        // A page beyond the bound is only counted in its group.
        let mut page = transaction.prepare_cached(
            "INSERT INTO pages SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM pages WHERE id = ?1) < ?4
             OR EXISTS (SELECT 1 FROM pages WHERE id = ?1 AND page = ?2)
             ON CONFLICT (id, page) DO UPDATE SET count = count + excluded.count",
        )?;
        let began = batch.at - batch.at.rem_euclid(HOUR);
        for delta in &batch.groups {
            let id = delta.id.as_bytes().as_slice();
            let mut sketch = delta.clients;
            let known =
                clients.query_row([id], |row| Ok(Sketch::from_bytes(row.get_ref(0)?.as_bytes()?))).optional()?;
            if let Some(known) = known {
                sketch.merge(&known);
            }
            let subject = &delta.subject;
            group.execute(params![
                id,
                &*delta.site,
                &*delta.policy,
                &*subject.kind,
                &*subject.what,
                &*subject.target,
                &*subject.source,
                &*subject.disposition,
                subject.noise.map_or("", Class::as_str),
                whole(delta.count),
                delta.first_seen,
                delta.last_seen,
                sketch.as_bytes(),
            ])?;
            hour.execute(params![id, began, whole(delta.count)])?;
            for (address, count) in &delta.pages {
                page.execute(params![id, &**address, whole(*count), whole(PAGES as u64)])?;
            }
        }
        let mut sample = transaction.prepare_cached(
            "INSERT INTO samples (id, received, age, url, user_agent, body)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM groups WHERE id = ?1)",
        )?;
        let mut surplus = transaction.prepare_cached(
            "DELETE FROM samples WHERE id = ?1 AND number <= coalesce(
             (SELECT number FROM samples WHERE id = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2), -1)",
        )?;
        for one in &batch.samples {
            let id = one.group.as_bytes().as_slice();
            let age = one.age.map(whole);
            sample.execute(params![id, one.received, age, one.url, one.user_agent, one.body])?;
            surplus.execute(params![id, whole(SAMPLES as u64)])?;
        }
        let mut of_site = transaction.prepare_cached("SELECT clients FROM sites WHERE site = ?1")?;
        let mut site = transaction.prepare_cached("INSERT OR REPLACE INTO sites VALUES (?1, ?2)")?;
        for delta in &batch.sites {
            let mut sketch = delta.clients;
            let known = of_site.query_row([&*delta.site], |row| Ok(Sketch::from_bytes(row.get_ref(0)?.as_bytes()?)));
            if let Some(known) = known.optional()? {
                sketch.merge(&known);
            }
            site.execute(params![&*delta.site, sketch.as_bytes()])?;
        }
    }
    Ok(transaction.commit()?)
}

/// Returns the key, and makes it once.
pub(super) fn client_key(connection: &Connection) -> Result<[u8; 16], StoreError> {
    let mut key = [0_u8; 16];
    getrandom::fill(&mut key).map_err(|error| StoreError::Other(error.into()))?;
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('client-key', ?1)", [key.as_slice()])?;
    let stored: Vec<u8> =
        connection.query_row("SELECT value FROM meta WHERE name = 'client-key'", [], |row| row.get(0))?;
    stored.try_into().map_err(|_| StoreError::Corrupt("the key of clients has another length".into()))
}

pub(super) fn set_note(connection: &Connection, name: &str, value: &[u8]) -> Result<(), StoreError> {
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('note ' || ?1, ?2)", params![name, value])?;
    Ok(())
}

pub(super) fn purge(connection: &mut Connection, filter: &Filter) -> Result<u64, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (conditions, values) = conditions(filter);
    let purged =
        transaction.execute(&format!("DELETE FROM groups WHERE {conditions}"), params_from_iter(values))? as u64;
    transaction.execute("DELETE FROM sites WHERE site NOT IN (SELECT site FROM groups)", [])?;
    transaction.commit()?;
    Ok(purged)
}

pub(super) fn retain_since(connection: &mut Connection, millis: i64) -> Result<u64, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let purged = transaction.execute("DELETE FROM groups WHERE last_seen < ?1", [millis])? as u64;
    transaction.execute("DELETE FROM series WHERE hour + ?2 <= ?1", [Value::from(millis), Value::from(HOUR)])?;
    transaction.execute("DELETE FROM sites WHERE site NOT IN (SELECT site FROM groups)", [])?;
    transaction.commit()?;
    Ok(purged)
}

/// Some pages at a time, so that no one waits long for the lock.
pub(super) fn vacuum(connection: &Connection) -> Result<(), StoreError> {
    let mut statement = connection.prepare("PRAGMA incremental_vacuum(2000)")?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

/// SQLite's numbers have a sign.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
