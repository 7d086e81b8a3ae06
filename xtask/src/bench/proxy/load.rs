//! Loads one running proxy with one job and returns what it cost.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::super::client::{Group, HOST};
use super::super::server::{LOAD_CORE, Server, pinned};
use super::workload::{Requests, Workload};
use crate::process::{self, output_within};

/// A proxy under load, and who loads it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    /// Its process.
    pub(super) server: &'a Server,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// The certificate to trust.
    pub(super) certificate: &'a Path,
    /// This tool, built for speed.
    pub(super) client: &'a Path,
}

/// Counts for the jobs of our own client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    /// Requests over the workload's own number.
    pub(super) requests: u32,
    /// Full handshakes.
    pub(super) handshakes: u32,
    /// Connections held idle.
    pub(super) connections: u32,
}

impl Target<'_> {
    /// Returns the cost in the workload's unit: of a request, a handshake or a connection.
    pub(super) fn measure(self, workload: Workload, counts: Counts) -> Result<f64> {
        let group = super::contestant::group(workload);
        match workload {
            Workload::Idle => self.idle(counts.connections),
            Workload::Handshake | Workload::HandshakePq => {
                self.handshakes(group, WARM_UP)?;
                self.cpu_each(counts.handshakes, || self.handshakes(group, counts.handshakes))
            }
            Workload::H1Small | Workload::H2Small | Workload::H1Large | Workload::H2Large => {
                let requests = workload.requests().context("h2load does this job")?;
                self.requests(requests, counts.requests / 10)?;
                self.cpu_each(counts.requests, || self.requests(requests, counts.requests))
            }
        }
    }

    /// Microseconds of the proxy's CPU time for each of so many.
    fn cpu_each(self, count: u32, load: impl FnOnce() -> Result<()>) -> Result<f64> {
        let before = self.server.cpu_seconds()?;
        load()?;
        Ok((self.server.cpu_seconds()? - before) * 1e6 / f64::from(count))
    }

    fn requests(self, requests: Requests, count: u32) -> Result<()> {
        let Requests { is_h2, path, connections, streams, .. } = requests;
        let program = process::find("h2load").context("h2load is missing: cargo xtask setup installs it")?;
        let mut command = pinned(LOAD_CORE, &program);
        command.args(["--threads=1", &format!("--requests={count}"), &format!("--clients={connections}")]);
        command.args([&format!("--max-concurrent-streams={streams}"), "--groups=X25519"]);
        command.args([&format!("--connect-to={}", self.address), &format!("https://{HOST}{path}")]);
        if !is_h2 {
            command.arg("--h1");
        }
        let output = output_within(&mut command, LIMIT)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let answered = succeeded(&text).unwrap_or(0);
        ensure!(answered == count, "h2load: {answered} of {count} requests were answered:\n{text}");
        Ok(())
    }

    fn handshakes(self, group: Group, count: u32) -> Result<()> {
        let output = output_within(&mut self.client("handshake", group, count), LIMIT)?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(())
    }

    /// KiB of the proxy's resident memory for each of so many connections that have asked once.
    fn idle(self, count: u32) -> Result<f64> {
        // What the first connections bring along once is not a connection's share.
        self.handshakes(Group::X25519, WARM_UP)?;
        let before = self.server.resident_kib()?;
        let mut holder = self.client("idle", Group::X25519, count);
        let mut holder: Child = holder.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        let pipe = holder.stdout.take().context("no pipe")?;
        let guard = Server::from(holder);
        let mut line = String::new();
        // It ends by itself when an answer is late, and then this reads an empty line.
        BufReader::new(pipe).read_line(&mut line)?;
        ensure!(line.trim() == "ready", "the client could not hold {count} connections");
        let after = self.server.resident_kib()?;
        drop(guard);
        Ok((after as f64 - before as f64) / f64::from(count))
    }

    fn client(self, mode: &str, group: Group, count: u32) -> Command {
        let mut command = pinned(LOAD_CORE, self.client);
        command.args(["bench-client", mode, "--group", group.name()]);
        command.args(["--address", &self.address.to_string(), "--count", &count.to_string()]);
        command.arg("--certificate").arg(self.certificate);
        command
    }
}

/// Reads how many answers of h2load's summary were 2xx and whole.
fn succeeded(summary: &str) -> Option<u32> {
    let requests = summary.lines().find_map(|line| line.strip_prefix("requests: "))?;
    let codes = summary.lines().find_map(|line| line.strip_prefix("status codes: "))?;
    let number = |line: &str, word: &str| {
        let part = line.split(',').find(|part| part.trim().ends_with(word))?;
        part.trim().split(' ').next()?.parse::<u32>().ok()
    };
    Some(number(requests, "succeeded")?.min(number(codes, "2xx")?))
}

/// Handshakes before the count begins.
const WARM_UP: u32 = 64;
/// For any one load: more than ten times what a slow machine needs.
const LIMIT: Duration = Duration::from_secs(180);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_2xx_answers_count() {
        let summary = |succeeded: u32, ok: u32| {
            format!(
                "finished in 1.00s\nrequests: 100 total, 100 started, 100 done, {succeeded} succeeded, 0 failed, 0 errored, 0 timeout\n\
                 status codes: {ok} 2xx, 0 3xx, 0 4xx, 0 5xx\n"
            )
        };
        for (text, count) in [
            (summary(100, 100), Some(100)),
            (summary(90, 100), Some(90)),
            (summary(100, 7), Some(7)), // refused is not served
            ("nothing".to_owned(), None),
        ] {
            assert_eq!(succeeded(&text), count, "{text}");
        }
    }
}
