//! Sums by a fact, from the hours that a filter's time touches.

use tokio_postgres::Client;

use super::failed;
use super::read::{conditions, count, text};
use crate::store::{Fact, Filter, HOUR, StoreError, Tally};

pub(super) async fn tally(client: &Client, filter: &Filter, fact: Fact, most: usize) -> Result<Vec<Tally>, StoreError> {
    let (conditions, mut values) = conditions(filter);
    let column = fact.column();
    let limit = values.put(i64::try_from(most).unwrap_or(i64::MAX));
    // By bytes, as everywhere.
    let order = "ORDER BY 2 DESC, value COLLATE \"C\"";
    let sql = if filter.since.is_none() && filter.until.is_none() {
        format!(
            "SELECT value, sum(count)::bigint, count(*) FROM (SELECT {column} AS value, count FROM bartizan_groups
             WHERE {conditions}) g GROUP BY value {order} LIMIT {limit}"
        )
    } else {
        let since = values.put(filter.since.unwrap_or(i64::MIN / 2));
        let until = values.put(filter.until.unwrap_or(i64::MAX));
        format!(
            "SELECT value, sum(s.count)::bigint, count(DISTINCT g.id) FROM bartizan_series s
             JOIN (SELECT id, {column} AS value FROM bartizan_groups WHERE {conditions}) g USING (id)
             WHERE s.hour + {HOUR} > {since} AND s.hour < {until} GROUP BY value {order} LIMIT {limit}"
        )
    };
    let rows = client.query(&sql, &values.as_params()).await.map_err(failed)?;
    rows.iter().map(|row| Ok(Tally { value: text(row, 0)?, reports: count(row, 1)?, groups: count(row, 2)? })).collect()
}
