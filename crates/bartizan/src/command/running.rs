//! Asking a running wall: its admin listener, over plain HTTP on the same machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

/// Asks for a path, and returns the answer; nothing where the wall knows no such thing.
pub(super) fn ask(admin: SocketAddr, path: &str) -> anyhow::Result<Option<Value>> {
    let unreachable = || format!("no wall answers at {admin}; --admin names the address of `server.admin`");
    let mut stream = TcpStream::connect_timeout(&admin, PATIENCE).with_context(unreachable)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {admin}\r\nConnection: close\r\nAccept: application/json\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(LARGEST).read_to_end(&mut answer).with_context(unreachable)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").with_context(|| format!("what answers at {admin} is no wall"))?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    match status {
        "200" => Ok(Some(serde_json::from_str(body).with_context(|| format!("what answers at {admin} is no wall"))?)),
        "404" => Ok(None),
        other => anyhow::bail!("the wall at {admin} answers {}", crate::output::visible::visible(other)),
    }
}

/// The same machine answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// More than all that a wall keeps.
const LARGEST: u64 = 64 << 20;
