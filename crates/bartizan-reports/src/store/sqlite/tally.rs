//! Sums by a fact, from the hours that a filter's time touches.

use rusqlite::{Connection, params_from_iter};

use super::read::conditions;
use crate::store::{Fact, Filter, HOUR, StoreError, Tally};

pub(super) fn tally(
    connection: &Connection,
    filter: &Filter,
    fact: Fact,
    most: usize,
) -> Result<Vec<Tally>, StoreError> {
    let (conditions, mut values) = conditions(filter);
    let column = fact.column();
    values.push(i64::try_from(most).unwrap_or(i64::MAX).into());
    let limit = values.len();
    let sql = if filter.since.is_none() && filter.until.is_none() {
        format!(
            "SELECT {column}, sum(count), count(*) FROM groups WHERE {conditions}
             GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?{limit}"
        )
    } else {
        values.push(filter.since.unwrap_or(i64::MIN / 2).into());
        let since = values.len();
        values.push(filter.until.unwrap_or(i64::MAX).into());
        let until = values.len();
        format!(
            "SELECT {column}, sum(series.count), count(DISTINCT id) FROM series
             JOIN (SELECT id, {column} FROM groups WHERE {conditions}) USING (id)
             WHERE hour + {HOUR} > ?{since} AND hour < ?{until} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?{limit}"
        )
    };
    let mut statement = connection.prepare_cached(&sql)?;
    let count =
        |row: &rusqlite::Row<'_>, at| Ok::<_, rusqlite::Error>(u64::try_from(row.get::<_, i64>(at)?).unwrap_or(0));
    let rows = statement.query_map(params_from_iter(values), |row| {
        Ok(Tally { value: row.get(0)?, reports: count(row, 1)?, groups: count(row, 2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
