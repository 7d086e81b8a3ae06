//! Asking a running wall: its admin listener, over plain HTTP on the same machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use crate::output::visible::visible;

/// Asks for a path, and returns the answer; nothing where the wall knows no such thing.
pub(super) fn ask(admin: SocketAddr, path: &str) -> anyhow::Result<Option<Value>> {
    let (status, body) = exchange(admin, &format!("GET {path} HTTP/1.1\r\n"), None)?;
    match status.as_str() {
        "200" => Ok(Some(json(admin, &body)?)),
        "404" => Ok(None),
        other => anyhow::bail!("the wall at {admin} answers {}", visible(other)),
    }
}

/// What became of something that was told to a wall.
#[derive(Debug)]
pub(super) enum Told {
    /// It was done.
    Done(Value),
    /// It would make no sense now: why.
    Refused(String),
    /// There is no such thing: what, where the wall says so.
    Unknown(Option<String>),
}

/// Tells a wall something.
pub(super) fn tell(admin: SocketAddr, path: &str, what: &Value) -> anyhow::Result<Told> {
    let (status, body) = exchange(admin, &format!("POST {path} HTTP/1.1\r\n"), Some(&what.to_string()))?;
    let reason =
        || serde_json::from_str::<Value>(&body).ok().and_then(|body| body["error"].as_str().map(str::to_owned));
    match status.as_str() {
        "200" => Ok(Told::Done(json(admin, &body)?)),
        "409" => Ok(Told::Refused(reason().unwrap_or_default())),
        // A wall without such a service takes no POST.
        "404" | "405" => Ok(Told::Unknown(reason())),
        other => anyhow::bail!("the wall at {admin} answers {}", visible(other)),
    }
}

/// Sends a request, and returns status and body.
fn exchange(admin: SocketAddr, line: &str, body: Option<&str>) -> anyhow::Result<(String, String)> {
    let unreachable = || format!("no wall answers at {admin}; --admin names the address of `server.admin`");
    let mut stream = TcpStream::connect_timeout(&admin, PATIENCE).with_context(unreachable)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let kind = body.map_or_else(String::new, |body| {
        format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
    });
    let body = body.unwrap_or_default();
    write!(stream, "{line}Host: {admin}\r\nConnection: close\r\nAccept: application/json\r\n{kind}\r\n{body}")?;
    let mut answer = Vec::new();
    stream.take(LARGEST).read_to_end(&mut answer).with_context(unreachable)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").with_context(|| format!("what answers at {admin} is no wall"))?;
    Ok((head.split(' ').nth(1).unwrap_or_default().to_owned(), body.to_owned()))
}

fn json(admin: SocketAddr, body: &str) -> anyhow::Result<Value> {
    serde_json::from_str(body).with_context(|| format!("what answers at {admin} is no wall"))
}

/// The same machine answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// More than all that a wall keeps.
const LARGEST: u64 = 64 << 20;
