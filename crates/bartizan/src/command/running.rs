//! Asking a running wall: its admin listener, over plain HTTP on the same machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

use crate::cli::DEFAULT_ADMIN;
use crate::output::visible::visible;

/// The running wall that is asked.
#[derive(Debug, Clone, Args)]
pub struct RunningWall {
    /// The address of the running wall's `server.admin`.
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADMIN)]
    admin: SocketAddr,
    /// A file that holds a token for it, where its dashboard has users; the variable BARTIZAN_TOKEN may hold one as well.
    #[arg(long, value_name = "FILE", env = "BARTIZAN_TOKEN_FILE")]
    token_file: Option<PathBuf>,
}

impl RunningWall {
    /// Asks for a path, and returns the answer; nothing where the wall knows no such thing.
    pub(crate) fn ask(&self, path: &str) -> anyhow::Result<Option<Value>> {
        let (status, body) = self.exchange(&format!("GET {path} HTTP/1.1\r\n"), None)?;
        match status.as_str() {
            "200" => Ok(Some(self.json(&body)?)),
            "404" => Ok(None),
            other => Err(self.refused(other)),
        }
    }

    /// Tells it something.
    pub(super) fn tell(&self, path: &str, what: &Value) -> anyhow::Result<Told> {
        let (status, body) = self.exchange(&format!("POST {path} HTTP/1.1\r\n"), Some(&what.to_string()))?;
        let reason =
            || serde_json::from_str::<Value>(&body).ok().and_then(|body| body["error"].as_str().map(str::to_owned));
        match status.as_str() {
            "200" => Ok(Told::Done(self.json(&body)?)),
            "409" => Ok(Told::Refused(reason().unwrap_or_default())),
            // A wall without such a service takes no POST.
            "404" | "405" => Ok(Told::Unknown(reason())),
            other => Err(self.refused(other)),
        }
    }

    /// Sends a request, and returns status and body.
    fn exchange(&self, line: &str, body: Option<&str>) -> anyhow::Result<(String, String)> {
        let admin = self.admin;
        let token = self.token()?.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
        let unreachable = || format!("no wall answers at {admin}; --admin names the address of `server.admin`");
        let mut stream = TcpStream::connect_timeout(&admin, PATIENCE).with_context(unreachable)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let kind = body.map_or_else(String::new, |body| {
            format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
        });
        let body = body.unwrap_or_default();
        let head = format!("{line}Host: {admin}\r\nConnection: close\r\nAccept: application/json\r\n{token}{kind}\r\n");
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut answer = Vec::new();
        stream.take(LARGEST).read_to_end(&mut answer).with_context(unreachable)?;
        let answer = String::from_utf8_lossy(&answer);
        let parts = answer.split_once("\r\n\r\n");
        let (head, body) = parts.with_context(|| format!("what answers at {admin} is no wall"))?;
        Ok((head.split(' ').nth(1).unwrap_or_default().to_owned(), body.to_owned()))
    }

    /// Returns the token; it is never an argument, since every user of a machine sees those.
    fn token(&self) -> anyhow::Result<Option<String>> {
        let (token, place) = match &self.token_file {
            Some(path) => {
                let read = std::fs::read_to_string(path);
                (read.with_context(|| format!("cannot read {}", path.display()))?, path.display().to_string())
            }
            None => match std::env::var(TOKEN) {
                Ok(token) if !token.is_empty() => (token, TOKEN.to_owned()),
                _ => return Ok(None),
            },
        };
        let token = token.trim().to_owned();
        let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        anyhow::ensure!(is_token, "{place} holds no token; `bartizan dashboard new-token` makes one");
        Ok(Some(token))
    }

    /// Says why a wall does not answer, and what would help.
    fn refused(&self, status: &str) -> anyhow::Error {
        let admin = self.admin;
        match status {
            "401" => anyhow::anyhow!(
                "the wall at {admin} has users and wants a token: `bartizan dashboard new-token` makes one for its \
                 configuration; put it into {TOKEN}, or its file into --token-file"
            ),
            "403" => anyhow::anyhow!(
                "the wall at {admin} does not allow this: a token needs the scope \"wall\" to look and \"operate\" to \
                 change something, and without users only the machine itself may ask"
            ),
            other => anyhow::anyhow!("the wall at {admin} answers {}", visible(other)),
        }
    }

    fn json(&self, body: &str) -> anyhow::Result<Value> {
        serde_json::from_str(body).with_context(|| format!("what answers at {} is no wall", self.admin))
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

/// The variable that may hold a token.
const TOKEN: &str = "BARTIZAN_TOKEN";

/// The same machine answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// More than all that a wall keeps.
const LARGEST: u64 = 64 << 20;
