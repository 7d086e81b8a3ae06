//! What changes the database; each change is one transaction, each table one statement for many rows.

use std::collections::HashMap;

use tokio_postgres::{Client, Transaction};

use super::failed;
use super::read::conditions;
use super::text::kept;
use crate::noise::Class;
use crate::sketch::Sketch;
use crate::store::record::{Batch, GroupDelta, Sample, SiteDelta};
use crate::store::{Filter, HOUR, PAGES, SAMPLES, StoreError};

/// Who writes, and which batch: what tells after a broken connection whether the batch was taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) writer: [u8; 16],
    pub(super) batch: [u8; 16],
}

/// Has writers wait for each other: what they merge, they read before.
pub(super) async fn lock(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await.map_err(failed)?;
    Ok(())
}

pub(super) async fn apply(client: &mut Client, batch: &Batch, mark: Mark) -> Result<(), StoreError> {
    let transaction = client.transaction().await.map_err(failed)?;
    lock(&transaction).await?;
    for part in merged(&batch.groups).chunks(ROWS) {
        groups(&transaction, part, batch.at).await?;
    }
    for part in batch.samples.chunks(ROWS) {
        samples(&transaction, part).await?;
    }
    sites(&transaction, &batch.sites).await?;
    let sql = "INSERT INTO bartizan_writers VALUES ($1, $2, $3)
               ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, at = excluded.at";
    let (writer, mark) = (mark.writer.as_slice(), mark.batch.as_slice());
    transaction.execute(sql, &[&writer, &mark, &batch.at]).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

/// Whether a batch, whose commit was not heard of, was taken all the same.
pub(super) async fn is_taken(client: &mut Client, mark: Mark) -> Result<bool, StoreError> {
    let transaction = client.transaction().await.map_err(failed)?;
    // A commit that is still under way holds it.
    lock(&transaction).await?;
    let sql = "SELECT EXISTS (SELECT 1 FROM bartizan_writers WHERE writer = $1 AND batch = $2)";
    let row = transaction.query_one(sql, &[&mark.writer.as_slice(), &mark.batch.as_slice()]).await.map_err(failed)?;
    transaction.rollback().await.map_err(failed)?;
    row.try_get(0).map_err(failed)
}

/// Returns one entry a group: a statement cannot change a row twice.
fn merged(deltas: &[GroupDelta]) -> Vec<GroupDelta> {
    let mut places = HashMap::with_capacity(deltas.len());
    let mut merged: Vec<GroupDelta> = Vec::with_capacity(deltas.len());
    for delta in deltas {
        let place = *places.entry(delta.id).or_insert(merged.len());
        match merged.get_mut(place) {
            None => merged.push(delta.clone()),
            Some(known) => {
                known.count += delta.count;
                known.first_seen = known.first_seen.min(delta.first_seen);
                known.last_seen = known.last_seen.max(delta.last_seen);
                known.clients.merge(&delta.clients);
                known.pages.extend(delta.pages.iter().cloned());
            }
        }
    }
    merged
}

async fn groups(transaction: &Transaction<'_>, deltas: &[GroupDelta], at: i64) -> Result<(), StoreError> {
    let ids: Vec<&[u8]> = deltas.iter().map(|delta| delta.id.as_bytes().as_slice()).collect();
    let known = "SELECT id, clients FROM bartizan_groups WHERE id = ANY($1)";
    let mut known_clients = HashMap::new();
    for row in transaction.query(known, &[&ids]).await.map_err(failed)? {
        let id: Vec<u8> = row.try_get(0).map_err(failed)?;
        known_clients.insert(id, Sketch::from_bytes(row.try_get(1).map_err(failed)?));
    }
    let sketches: Vec<Sketch> = deltas
        .iter()
        .map(|delta| {
            let mut sketch = delta.clients;
            if let Some(known) = known_clients.get(delta.id.as_bytes().as_slice()) {
                sketch.merge(known);
            }
            sketch
        })
        .collect();
    let texts = |of: fn(&GroupDelta) -> &str| deltas.iter().map(|delta| kept(of(delta))).collect::<Vec<_>>();
    let numbers = |of: fn(&GroupDelta) -> i64| deltas.iter().map(of).collect::<Vec<_>>();
    let counts = numbers(|delta| whole(delta.count));
    let sql = "INSERT INTO bartizan_groups AS known
               SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
               $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bytea[])
               ON CONFLICT (id) DO UPDATE SET count = known.count + excluded.count, clients = excluded.clients,
               first_seen = least(known.first_seen, excluded.first_seen),
               last_seen = greatest(known.last_seen, excluded.last_seen)";
    let clients: Vec<&[u8]> = sketches.iter().map(Sketch::as_bytes).collect();
    transaction
        .execute(
            sql,
            &[
                &ids,
                &texts(|delta| &delta.site),
                &texts(|delta| &delta.policy),
                &texts(|delta| &delta.subject.kind),
                &texts(|delta| &delta.subject.what),
                &texts(|delta| &delta.subject.target),
                &texts(|delta| &delta.subject.source),
                &texts(|delta| &delta.subject.disposition),
                &texts(|delta| delta.subject.noise.map_or("", Class::as_str)),
                &counts,
                &numbers(|delta| delta.first_seen),
                &numbers(|delta| delta.last_seen),
                &clients,
            ],
        )
        .await
        .map_err(failed)?;
    let sql =
        "INSERT INTO bartizan_series AS known SELECT id, $3, count FROM unnest($1::bytea[], $2::bigint[]) u(id, count)
               ON CONFLICT (id, hour) DO UPDATE SET count = known.count + excluded.count";
    transaction.execute(sql, &[&ids, &counts, &(at - at.rem_euclid(HOUR))]).await.map_err(failed)?;
    pages(transaction, deltas).await
}

/// A page beyond the bound is only counted in its group.
async fn pages(transaction: &Transaction<'_>, deltas: &[GroupDelta]) -> Result<(), StoreError> {
    let mut sums: HashMap<(&[u8], &str), i64> = HashMap::new();
    let all = deltas.iter().flat_map(|delta| delta.pages.iter().map(move |page| (delta, page)));
    for (delta, (page, count)) in all {
        *sums.entry((delta.id.as_bytes().as_slice(), &**page)).or_default() += whole(*count);
    }
    if sums.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<_> = sums.into_iter().map(|((id, page), count)| (id, kept(page), count)).collect();
    rows.sort_unstable();
    let ids: Vec<&[u8]> = rows.iter().map(|(id, ..)| *id).collect();
    let names: Vec<&str> = rows.iter().map(|(_, page, _)| &**page).collect();
    let counts: Vec<i64> = rows.iter().map(|(.., count)| *count).collect();
    let sql = "WITH fresh AS (
                   SELECT u.id, u.page, u.count, p.id IS NOT NULL AS is_known,
                   row_number() OVER (PARTITION BY u.id, p.id IS NULL ORDER BY u.count DESC, u.page) AS place
                   FROM unnest($1::bytea[], $2::text[], $3::bigint[]) u(id, page, count)
                   LEFT JOIN bartizan_pages p ON p.id = u.id AND md5(p.page) = md5(u.page)
               ), taken AS (
                   SELECT id, count(*) AS pages FROM bartizan_pages WHERE id = ANY($1) GROUP BY id
               )
               INSERT INTO bartizan_pages AS known SELECT f.id, f.page, f.count FROM fresh f LEFT JOIN taken t USING (id)
               WHERE f.is_known OR f.place + coalesce(t.pages, 0) <= $4
               ON CONFLICT (id, md5(page)) DO UPDATE SET count = known.count + excluded.count";
    transaction.execute(sql, &[&ids, &names, &counts, &whole(PAGES as u64)]).await.map_err(failed)?;
    Ok(())
}

async fn samples(transaction: &Transaction<'_>, samples: &[Sample]) -> Result<(), StoreError> {
    let ids: Vec<&[u8]> = samples.iter().map(|sample| sample.group.as_bytes().as_slice()).collect();
    let received: Vec<i64> = samples.iter().map(|sample| sample.received).collect();
    let ages: Vec<Option<i64>> = samples.iter().map(|sample| sample.age.map(whole)).collect();
    let texts = |of: fn(&Sample) -> &str| samples.iter().map(|sample| kept(of(sample))).collect::<Vec<_>>();
    let sql = "INSERT INTO bartizan_samples (id, received, age, url, user_agent, body)
               SELECT u.id, u.received, u.age, u.url, u.user_agent, u.body
               FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[])
               WITH ORDINALITY u(id, received, age, url, user_agent, body, place)
               WHERE EXISTS (SELECT 1 FROM bartizan_groups g WHERE g.id = u.id) ORDER BY u.place";
    let (urls, agents, bodies) =
        (texts(|sample| &sample.url), texts(|sample| &sample.user_agent), texts(|sample| &sample.body));
    transaction.execute(sql, &[&ids, &received, &ages, &urls, &agents, &bodies]).await.map_err(failed)?;
    let sql = "DELETE FROM bartizan_samples USING (
                   SELECT number AS surplus, row_number() OVER (PARTITION BY id ORDER BY number DESC) AS place
                   FROM bartizan_samples WHERE id = ANY($1)
               ) ranked WHERE number = surplus AND place > $2";
    transaction.execute(sql, &[&ids, &whole(SAMPLES as u64)]).await.map_err(failed)?;
    Ok(())
}

/// Sites are few.
async fn sites(transaction: &Transaction<'_>, deltas: &[SiteDelta]) -> Result<(), StoreError> {
    for delta in deltas {
        let site = kept(&delta.site);
        let mut sketch = delta.clients;
        let known = "SELECT clients FROM bartizan_sites WHERE site = $1";
        if let Some(row) = transaction.query_opt(known, &[&site]).await.map_err(failed)? {
            sketch.merge(&Sketch::from_bytes(row.try_get(0).map_err(failed)?));
        }
        let sql =
            "INSERT INTO bartizan_sites VALUES ($1, $2) ON CONFLICT (site) DO UPDATE SET clients = excluded.clients";
        transaction.execute(sql, &[&site, &sketch.as_bytes()]).await.map_err(failed)?;
    }
    Ok(())
}

/// Returns the key, and makes it once.
pub(super) async fn client_key(client: &Client) -> Result<[u8; 16], StoreError> {
    let key = super::random()?;
    let sql = "INSERT INTO bartizan_meta VALUES ('client-key', $1) ON CONFLICT DO NOTHING";
    client.execute(sql, &[&key.as_slice()]).await.map_err(failed)?;
    let row = client.query_one("SELECT value FROM bartizan_meta WHERE name = 'client-key'", &[]).await;
    let stored: Vec<u8> = row.and_then(|row| row.try_get(0)).map_err(failed)?;
    stored.try_into().map_err(|_| StoreError::Corrupt("the key of clients has another length".into()))
}

pub(super) async fn note(client: &Client, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT value FROM bartizan_meta WHERE name = 'note ' || $1";
    let row = client.query_opt(sql, &[&name]).await.map_err(failed)?;
    row.map(|row| row.try_get(0).map_err(failed)).transpose()
}

pub(super) async fn set_note(client: &Client, name: &str, value: &[u8]) -> Result<(), StoreError> {
    let sql = "INSERT INTO bartizan_meta VALUES ('note ' || $1, $2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    client.execute(sql, &[&name, &value]).await.map_err(failed)?;
    Ok(())
}

pub(super) async fn purge(client: &mut Client, filter: &Filter) -> Result<u64, StoreError> {
    let transaction = client.transaction().await.map_err(failed)?;
    lock(&transaction).await?;
    let (conditions, values) = conditions(filter);
    let sql = format!("DELETE FROM bartizan_groups WHERE {conditions}");
    let purged = transaction.execute(&sql, &values.as_params()).await.map_err(failed)?;
    transaction.batch_execute(FORGET_SITES).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    Ok(purged)
}

pub(super) async fn retain_since(client: &mut Client, millis: i64) -> Result<u64, StoreError> {
    let transaction = client.transaction().await.map_err(failed)?;
    lock(&transaction).await?;
    let purged = transaction.execute("DELETE FROM bartizan_groups WHERE last_seen < $1", &[&millis]).await;
    let purged = purged.map_err(failed)?;
    let hours = "DELETE FROM bartizan_series WHERE hour + $2 <= $1";
    transaction.execute(hours, &[&millis, &HOUR]).await.map_err(failed)?;
    transaction.execute("DELETE FROM bartizan_writers WHERE at < $1", &[&millis]).await.map_err(failed)?;
    transaction.batch_execute(FORGET_SITES).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    Ok(purged)
}

/// PostgreSQL's numbers have a sign.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

const FORGET_SITES: &str = "DELETE FROM bartizan_sites WHERE site NOT IN (SELECT site FROM bartizan_groups)";

/// A statement with so many rows is some megabytes.
const ROWS: usize = 2000;

/// The name of our lock among those of a database: "bartizan" as bytes.
const LOCK: i64 = i64::from_be_bytes(*b"bartizan");
