//! What is asked of the database. Every value is bound, never written into a statement.

use std::borrow::Cow;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::noise::Class;
use crate::sketch::Sketch;
use crate::store::record::{Group, PageCount, Point, Sample, SiteSummary, StoredSample, Totals};
use crate::store::{Filter, HOUR, NoiseFilter, Order, StoreError};
use crate::subject::{Fingerprint, Subject};

/// Returns the conditions of a filter and the values they ask for.
pub(super) fn conditions(filter: &Filter) -> (String, Vec<Value>) {
    let mut conditions = vec!["1".to_owned()];
    let mut values: Vec<Value> = Vec::new();
    let exact = [("site", &filter.site), ("policy", &filter.policy), ("kind", &filter.kind), ("what", &filter.what)];
    for (column, wanted) in exact {
        if let Some(wanted) = wanted {
            values.push(wanted.clone().into());
            conditions.push(format!("{column} = ?{}", values.len()));
        }
    }
    for (condition, wanted) in [("last_seen >=", filter.since), ("first_seen <", filter.until)] {
        if let Some(wanted) = wanted {
            values.push(wanted.into());
            conditions.push(format!("{condition} ?{}", values.len()));
        }
    }
    if let Some(text) = &filter.text {
        values.push(text.to_lowercase().into());
        let at = values.len();
        conditions.push(format!("(instr(lower(target), ?{at}) OR instr(lower(source), ?{at}))"));
    }
    match filter.noise {
        NoiseFilter::Include => {}
        NoiseFilter::Exclude => conditions.push("noise = ''".to_owned()),
        NoiseFilter::Only => conditions.push("noise <> ''".to_owned()),
    }
    (conditions.join(" AND "), values)
}

pub(super) fn known(connection: &Connection) -> Result<Vec<(Fingerprint, String)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, site FROM groups")?;
    let rows = statement.query_map([], |row| Ok((fingerprint(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn groups(connection: &Connection, filter: &Filter) -> Result<Vec<Group>, StoreError> {
    let (conditions, mut values) = conditions(filter);
    let order = match filter.order {
        Order::Count => "count",
        Order::LastSeen => "last_seen",
        Order::FirstSeen => "first_seen",
    };
    values.push(if filter.limit == 0 { -1 } else { i64::try_from(filter.limit).unwrap_or(-1) }.into());
    let sql =
        format!("SELECT {COLUMNS} FROM groups WHERE {conditions} ORDER BY {order} DESC, id LIMIT ?{}", values.len());
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), as_group)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn group(connection: &Connection, id: Fingerprint) -> Result<Option<Group>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM groups WHERE id = ?1"))?;
    Ok(statement.query_row([id.as_bytes().as_slice()], as_group).optional()?)
}

pub(super) fn pages(connection: &Connection, id: Fingerprint) -> Result<Vec<PageCount>, StoreError> {
    let sql = "SELECT page, count FROM pages WHERE id = ?1 ORDER BY count DESC, page";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement
        .query_map([id.as_bytes().as_slice()], |row| Ok(PageCount { page: row.get(0)?, count: count(row, 1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn samples(connection: &Connection, id: Fingerprint) -> Result<Vec<StoredSample>, StoreError> {
    let sql = "SELECT number, received, age, url, user_agent, body FROM samples WHERE id = ?1 ORDER BY number DESC";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([id.as_bytes().as_slice()], |row| {
        let age: Option<i64> = row.get(2)?;
        Ok(StoredSample {
            number: row.get(0)?,
            sample: Sample {
                group: id,
                received: row.get(1)?,
                age: age.and_then(|age| u64::try_from(age).ok()),
                url: row.get(3)?,
                user_agent: row.get(4)?,
                body: row.get(5)?,
            },
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn series(connection: &Connection, filter: &Filter) -> Result<Vec<Point>, StoreError> {
    let (conditions, mut values) = conditions(filter);
    values.push(filter.since.unwrap_or(i64::MIN / 2).into());
    let since = values.len();
    values.push(filter.until.unwrap_or(i64::MAX).into());
    let until = values.len();
    let sql = format!(
        "SELECT hour, sum(series.count) FROM series JOIN (SELECT id FROM groups WHERE {conditions}) USING (id)
         WHERE hour + {HOUR} > ?{since} AND hour < ?{until} GROUP BY hour ORDER BY hour"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows =
        statement.query_map(params_from_iter(values), |row| Ok(Point { hour: row.get(0)?, count: count(row, 1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn sites(connection: &Connection) -> Result<Vec<SiteSummary>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT groups.site, sum(count), sum(CASE noise WHEN '' THEN 0 ELSE count END), count(*), max(last_seen),
         sites.clients FROM groups LEFT JOIN sites ON sites.site = groups.site GROUP BY groups.site ORDER BY groups.site",
    )?;
    let rows = statement.query_map([], |row| {
        let clients: Option<Vec<u8>> = row.get(5)?;
        Ok(SiteSummary {
            site: row.get(0)?,
            reports: count(row, 1)?,
            noise: count(row, 2)?,
            groups: count(row, 3)?,
            last_seen: row.get(4)?,
            clients: Sketch::from_bytes(&clients.unwrap_or_default()),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn totals(connection: &Connection, filter: &Filter) -> Result<Totals, StoreError> {
    let (conditions, values) = conditions(filter);
    let sql = format!("SELECT coalesce(sum(count), 0), count(*) FROM groups WHERE {conditions}");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement
        .query_row(params_from_iter(values), |row| Ok(Totals { reports: count(row, 0)?, groups: count(row, 1)? }))?)
}

pub(super) fn note(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE name = 'note ' || ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

fn as_group(row: &Row<'_>) -> rusqlite::Result<Group> {
    let text = |at: usize| row.get::<_, String>(at).map(Cow::Owned);
    Ok(Group {
        id: fingerprint(row, 0)?,
        site: row.get(1)?,
        policy: row.get(2)?,
        subject: Subject {
            kind: text(3)?,
            what: text(4)?,
            target: text(5)?,
            source: text(6)?,
            disposition: text(7)?,
            noise: Class::of(row.get_ref(8)?.as_str()?),
        },
        count: count(row, 9)?,
        first_seen: row.get(10)?,
        last_seen: row.get(11)?,
        clients: Sketch::from_bytes(row.get_ref(12)?.as_bytes()?),
    })
}

fn count(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(at)?).unwrap_or_default())
}

fn fingerprint(row: &Row<'_>, at: usize) -> rusqlite::Result<Fingerprint> {
    let bytes = row.get_ref(at)?.as_bytes()?;
    Fingerprint::from_bytes(bytes).ok_or(rusqlite::Error::InvalidColumnType(
        at,
        "id".to_owned(),
        rusqlite::types::Type::Blob,
    ))
}

const COLUMNS: &str =
    "id, site, policy, kind, what, target, source, disposition, noise, count, first_seen, last_seen, clients";
