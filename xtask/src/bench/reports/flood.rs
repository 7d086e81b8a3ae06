//! Reports of which no two are the same bytes: those of a flood, forged, and those of a site whose addresses differ
//! from visit to visit.
//!
//! h2load sends one body again and again; here each of a thousand is another.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::contestant::{Contestant, Ground, metric};

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// A hundred thousand reports with as many queries, of twenty groups of one site.
    Distinct,
    /// A hundred thousand forged fingerprints, from a thousand senders to four sites.
    Forged,
}

/// What was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flooded {
    /// Reports a second.
    pub(super) rate: f64,
    /// Reports a second of the server's own CPU time.
    pub(super) per_cpu: f64,
    /// The most memory, in KiB.
    pub(super) peak: u64,
}

/// Sends so many bodies of a hundred reports.
pub(super) fn measure(ground: Ground<'_>, sent: Sent, requests: u32) -> Result<Flooded> {
    let bodies: Vec<Vec<u8>> = (0..BODIES).map(|number| request(sent, number)).collect();
    let (server, address, admin) = Contestant::Bartizan.start(ground)?;
    let admin = admin.context("bartizan has metrics")?;
    let cpu = server.cpu_seconds()?;
    let (next, start) = (AtomicU32::new(0), Instant::now());
    thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|_| scope.spawn(|| send(address, &bodies, &next, requests))).collect();
        senders.into_iter().try_for_each(|sender| match sender.join() {
            Ok(result) => result,
            Err(_) => bail!("a sender panicked"),
        })
    })?;
    let reports = f64::from(requests) * f64::from(REPORTS);
    let rate = reports / start.elapsed().as_secs_f64();
    let per_cpu = reports / (server.cpu_seconds()? - cpu).max(f64::EPSILON);
    let peak = server.peak_kib()?;
    let received = metric(admin, "bartizan_reports_received_total")?;
    let groups = metric(admin, "bartizan_reports_groups")?;
    ensure!(received > 0 && groups > 0, "nothing was counted");
    eprintln!(
        "{rate:.0} reports/s, {per_cpu:.0} a CPU second, {received} counted in {groups} groups, {peak} KiB at most"
    );
    Ok(Flooded { rate, per_cpu, peak })
}

/// Sends the next body until enough are sent, each when the one before is answered.
fn send(address: SocketAddr, bodies: &[Vec<u8>], next: &AtomicU32, requests: u32) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut answer = [0; 1024];
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= requests {
            return Ok(());
        }
        let body = bodies.get(number as usize % bodies.len()).context("there are bodies")?;
        stream.write_all(body)?;
        // An answer is a few lines, written at once.
        let length = stream.read(&mut answer)?;
        let text = String::from_utf8_lossy(answer.get(..length).unwrap_or_default());
        ensure!(text.starts_with("HTTP/1.1 204"), "not a 204: {text}");
    }
}

/// Returns a request of a hundred reports that no other body has.
fn request(sent: Sent, number: u32) -> Vec<u8> {
    let (sites, report): (_, fn(u32) -> String) = match sent {
        Sent::Distinct => (1, distinct),
        Sent::Forged => (SITES, forged),
    };
    let reports: Vec<String> = (number * REPORTS..(number + 1) * REPORTS).map(report).collect();
    let body = format!("[{}]", reports.join(","));
    let head = format!(
        "POST /reports/site{}.example/1 HTTP/1.1\r\nHost: reports.example\r\nContent-Type: application/reports+json\r\n\
         X-Forwarded-For: 10.0.{}.{}\r\nContent-Length: {}\r\n\r\n",
        number % sites,
        number / 256,
        number % 256,
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

fn forged(number: u32) -> String {
    report(number, &format!("https://h{number}.example/a.js"), &format!("https://site.example/page{number}"))
}

fn distinct(number: u32) -> String {
    report(number, &format!("https://cdn{}.example/a.js", number % 20), "https://site.example/page")
}

fn report(number: u32, blocked: &str, page: &str) -> String {
    format!(
        "{{\"age\":{number},\"body\":{{\"blockedURL\":\"{blocked}\",\"disposition\":\"enforce\",\
         \"documentURL\":\"{page}?q={number}\",\"effectiveDirective\":\"script-src-elem\",\
         \"originalPolicy\":\"default-src 'none'; script-src 'self' 'nonce-abc'; report-uri https://reports.example/r\",\
         \"referrer\":\"\",\"sample\":\"\",\"statusCode\":200}},\"type\":\"csp-violation\",\
         \"url\":\"{page}?q={number}\",\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64) \
         AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\"}}"
    )
}

/// As many as browsers send at once.
const REPORTS: u32 = 100;
/// A hundred thousand fingerprints.
const BODIES: u32 = 1000;
const SENDERS: u32 = 4;
const SITES: u32 = 4;
