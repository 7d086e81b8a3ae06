//! What is asked of the database. Every value is bound, never written into a statement.

use std::borrow::Cow;
use std::collections::HashMap;

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use super::failed;
use super::text::{kept, original};
use crate::noise::Class;
use crate::sketch::Sketch;
use crate::store::record::{Group, PageCount, Point, Sample, SiteSummary, StoredSample, Totals};
use crate::store::{Filter, HOUR, NoiseFilter, Order, StoreError};
use crate::subject::{Fingerprint, Subject};

/// The values that a statement asks for, in their order.
#[derive(Default)]
pub(super) struct Values(Vec<Box<dyn ToSql + Sync + Send>>);

impl Values {
    /// Adds a value, and returns the name it has in the statement.
    pub(super) fn put(&mut self, value: impl ToSql + Sync + Send + 'static) -> String {
        self.0.push(Box::new(value));
        format!("${}", self.0.len())
    }

    pub(super) fn as_params(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.0.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect()
    }
}

/// Returns the conditions of a filter and the values they ask for.
pub(super) fn conditions(filter: &Filter) -> (String, Values) {
    let mut conditions = vec!["true".to_owned()];
    let mut values = Values::default();
    let exact = [("site", &filter.site), ("policy", &filter.policy), ("kind", &filter.kind), ("what", &filter.what)];
    for (column, wanted) in exact {
        if let Some(wanted) = wanted {
            let name = values.put(kept(wanted).into_owned());
            conditions.push(format!("{column} = {name}"));
        }
    }
    for (condition, wanted) in [("last_seen >=", filter.since), ("first_seen <", filter.until)] {
        if let Some(wanted) = wanted {
            let name = values.put(wanted);
            conditions.push(format!("{condition} {name}"));
        }
    }
    if let Some(text) = &filter.text {
        let name = values.put(kept(&text.to_lowercase()).into_owned());
        conditions.push(format!("(strpos(lower(target), {name}) > 0 OR strpos(lower(source), {name}) > 0)"));
    }
    match filter.noise {
        NoiseFilter::Include => {}
        NoiseFilter::Exclude => conditions.push("noise = ''".to_owned()),
        NoiseFilter::Only => conditions.push("noise <> ''".to_owned()),
    }
    (conditions.join(" AND "), values)
}

pub(super) async fn known(client: &Client) -> Result<Vec<(Fingerprint, String)>, StoreError> {
    let rows = client.query("SELECT id, site FROM bartizan_groups", &[]).await.map_err(failed)?;
    rows.iter().map(|row| Ok((fingerprint(row, 0)?, text(row, 1)?))).collect()
}

pub(super) async fn groups(client: &Client, filter: &Filter) -> Result<Vec<Group>, StoreError> {
    let (conditions, mut values) = conditions(filter);
    let order = match filter.order {
        Order::Count => "count",
        Order::LastSeen => "last_seen",
        Order::FirstSeen => "first_seen",
    };
    // No limit is a limit of NULL.
    let limit = (filter.limit > 0).then(|| i64::try_from(filter.limit).unwrap_or(i64::MAX));
    let limit = values.put(limit);
    let sql =
        format!("SELECT {COLUMNS} FROM bartizan_groups WHERE {conditions} ORDER BY {order} DESC, id LIMIT {limit}");
    let rows = client.query(&sql, &values.as_params()).await.map_err(failed)?;
    rows.iter().map(group_of).collect()
}

pub(super) async fn group(client: &Client, id: Fingerprint) -> Result<Option<Group>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM bartizan_groups WHERE id = $1");
    let row = client.query_opt(&sql, &[&id.as_bytes().as_slice()]).await.map_err(failed)?;
    row.as_ref().map(group_of).transpose()
}

pub(super) async fn pages(client: &Client, id: Fingerprint) -> Result<Vec<PageCount>, StoreError> {
    // By bytes, as everywhere: the order of a language would differ from database to database.
    let sql = "SELECT page, count FROM bartizan_pages WHERE id = $1 ORDER BY count DESC, page COLLATE \"C\"";
    let rows = client.query(sql, &[&id.as_bytes().as_slice()]).await.map_err(failed)?;
    rows.iter().map(|row| Ok(PageCount { page: text(row, 0)?, count: count(row, 1)? })).collect()
}

pub(super) async fn samples(client: &Client, id: Fingerprint) -> Result<Vec<StoredSample>, StoreError> {
    let sql =
        "SELECT number, received, age, url, user_agent, body FROM bartizan_samples WHERE id = $1 ORDER BY number DESC";
    let rows = client.query(sql, &[&id.as_bytes().as_slice()]).await.map_err(failed)?;
    let stored = rows.iter().map(|row| {
        let age: Option<i64> = row.try_get(2).map_err(failed)?;
        let sample = Sample {
            group: id,
            received: row.try_get(1).map_err(failed)?,
            age: age.and_then(|age| u64::try_from(age).ok()),
            url: text(row, 3)?,
            user_agent: text(row, 4)?,
            body: text(row, 5)?,
        };
        Ok(StoredSample { number: row.try_get(0).map_err(failed)?, sample })
    });
    stored.collect()
}

pub(super) async fn series(client: &Client, filter: &Filter) -> Result<Vec<Point>, StoreError> {
    let (conditions, mut values) = conditions(filter);
    let since = values.put(filter.since.unwrap_or(i64::MIN / 2));
    let until = values.put(filter.until.unwrap_or(i64::MAX));
    let sql = format!(
        "SELECT s.hour, sum(s.count)::bigint FROM bartizan_series s
         WHERE s.id IN (SELECT id FROM bartizan_groups WHERE {conditions})
         AND s.hour + {HOUR} > {since} AND s.hour < {until} GROUP BY s.hour ORDER BY s.hour"
    );
    let rows = client.query(&sql, &values.as_params()).await.map_err(failed)?;
    rows.iter().map(|row| Ok(Point { hour: row.try_get(0).map_err(failed)?, count: count(row, 1)? })).collect()
}

pub(super) async fn sites(client: &Client) -> Result<Vec<SiteSummary>, StoreError> {
    let rows = client.query("SELECT site, clients FROM bartizan_sites", &[]).await.map_err(failed)?;
    let mut clients = HashMap::new();
    for row in &rows {
        clients.insert(text(row, 0)?, Sketch::from_bytes(row.try_get(1).map_err(failed)?));
    }
    let sql = "SELECT site, sum(count)::bigint, sum(CASE noise WHEN '' THEN 0 ELSE count END)::bigint, count(*),
               max(last_seen) FROM bartizan_groups GROUP BY site ORDER BY site COLLATE \"C\"";
    let rows = client.query(sql, &[]).await.map_err(failed)?;
    let sites = rows.iter().map(|row| {
        let site = text(row, 0)?;
        Ok(SiteSummary {
            clients: clients.get(&site).copied().unwrap_or_default(),
            site,
            reports: count(row, 1)?,
            noise: count(row, 2)?,
            groups: count(row, 3)?,
            last_seen: row.try_get(4).map_err(failed)?,
        })
    });
    sites.collect()
}

pub(super) async fn totals(client: &Client, filter: &Filter) -> Result<Totals, StoreError> {
    let (conditions, values) = conditions(filter);
    let sql = format!("SELECT coalesce(sum(count), 0)::bigint, count(*) FROM bartizan_groups WHERE {conditions}");
    let row = client.query_one(&sql, &values.as_params()).await.map_err(failed)?;
    Ok(Totals { reports: count(&row, 0)?, groups: count(&row, 1)? })
}

fn group_of(row: &Row) -> Result<Group, StoreError> {
    let own = |at| text(row, at).map(Cow::Owned);
    let clients: &[u8] = row.try_get(12).map_err(failed)?;
    Ok(Group {
        id: fingerprint(row, 0)?,
        site: text(row, 1)?,
        policy: text(row, 2)?,
        subject: Subject {
            kind: own(3)?,
            what: own(4)?,
            target: own(5)?,
            source: own(6)?,
            disposition: own(7)?,
            noise: Class::of(&text(row, 8)?),
        },
        count: count(row, 9)?,
        first_seen: row.try_get(10).map_err(failed)?,
        last_seen: row.try_get(11).map_err(failed)?,
        clients: Sketch::from_bytes(clients),
    })
}

pub(super) fn text(row: &Row, at: usize) -> Result<String, StoreError> {
    row.try_get(at).map(original).map_err(failed)
}

pub(super) fn count(row: &Row, at: usize) -> Result<u64, StoreError> {
    Ok(u64::try_from(row.try_get::<_, i64>(at).map_err(failed)?).unwrap_or_default())
}

fn fingerprint(row: &Row, at: usize) -> Result<Fingerprint, StoreError> {
    let bytes: &[u8] = row.try_get(at).map_err(failed)?;
    Fingerprint::from_bytes(bytes).ok_or_else(|| StoreError::Corrupt("a group has a name of another length".into()))
}

const COLUMNS: &str =
    "id, site, policy, kind, what, target, source, disposition, noise, count, first_seen, last_seen, clients";
