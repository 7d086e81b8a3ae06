//! What Expect-CT, Expect-Staple and HPKP share: a host and its certificates, and no page.

use std::borrow::Cow;

use super::{Kind, Sent, read_as};
use crate::address::Queries;
use crate::json::{Object, Value, count};
use crate::report::{KindName, Report};

/// Files a report under the host it names; the port becomes a number, whatever was sent.
pub(super) fn read<'a>(kind: &'static Kind, mut sent: Sent<'a>, queries: Queries) -> Option<Report<'a>> {
    for (name, value) in sent.body.iter_mut() {
        if name == "port"
            && let Value::String(text) = value
            && let Some(port) = count(text.trim())
        {
            *value = Value::from(port);
        }
    }
    if sent.url.is_none() {
        sent.url = address(&sent.body).map(Cow::Owned);
    }
    read_as(KindName::Known(kind), sent, queries)
}

fn address(body: &Object<'_>) -> Option<String> {
    let host = body.text("hostname")?;
    // A literal address of version 6 needs brackets where a port may follow (RFC 3986, 3.2.2).
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
    Some(match body.get("port") {
        Some(Value::Number(port)) if port.as_str() != "443" => format!("https://{host}:{}/", port.as_str()),
        _ => format!("https://{host}/"),
    })
}
