//! A flood: ten million reports of a hundred thousand forged fingerprints, from a thousand senders to four sites.
//!
//! h2load sends one body again and again; here each of a thousand is another.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::contestant::{Contestant, Ground, metric};

/// Sends so many bodies of a hundred reports; returns reports a second and the most memory in KiB.
pub(super) fn measure(ground: Ground<'_>, requests: u32) -> Result<(f64, u64)> {
    let bodies: Vec<Vec<u8>> = (0..BODIES).map(request).collect();
    let (server, address, admin) = Contestant::Bartizan.start(ground)?;
    let admin = admin.context("bartizan has metrics")?;
    let (next, start) = (AtomicU32::new(0), Instant::now());
    thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|_| scope.spawn(|| send(address, &bodies, &next, requests))).collect();
        senders.into_iter().try_for_each(|sender| match sender.join() {
            Ok(result) => result,
            Err(_) => bail!("a sender panicked"),
        })
    })?;
    let rate = f64::from(requests) * f64::from(REPORTS) / start.elapsed().as_secs_f64();
    let peak = server.peak_kib()?;
    let received = metric(admin, "bartizan_reports_received_total")?;
    let groups = metric(admin, "bartizan_reports_groups")?;
    ensure!(received > 0 && groups > 0, "nothing was counted");
    eprintln!("flood: {rate:.0} reports/s, {received} counted in {groups} groups, {peak} KiB at most");
    Ok((rate, peak))
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
fn request(number: u32) -> Vec<u8> {
    let reports: Vec<String> = (number * REPORTS..(number + 1) * REPORTS).map(report).collect();
    let body = format!("[{}]", reports.join(","));
    let head = format!(
        "POST /reports/site{}.example/1 HTTP/1.1\r\nHost: reports.example\r\nContent-Type: application/reports+json\r\n\
         X-Forwarded-For: 10.0.{}.{}\r\nContent-Length: {}\r\n\r\n",
        number % SITES,
        number / 256,
        number % 256,
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

fn report(number: u32) -> String {
    format!(
        "{{\"age\":{number},\"body\":{{\"blockedURL\":\"https://h{number}.example/a.js\",\"disposition\":\"enforce\",\
         \"documentURL\":\"https://site.example/page{number}?q={number}\",\"effectiveDirective\":\"script-src-elem\",\
         \"originalPolicy\":\"default-src 'none'; script-src 'self' 'nonce-abc'; report-uri https://reports.example/r\",\
         \"referrer\":\"\",\"sample\":\"\",\"statusCode\":200}},\"type\":\"csp-violation\",\
         \"url\":\"https://site.example/page{number}?q={number}\",\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64) \
         AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\"}}"
    )
}

/// As many as browsers send at once.
const REPORTS: u32 = 100;
/// A hundred thousand fingerprints.
const BODIES: u32 = 1000;
const SENDERS: u32 = 4;
const SITES: u32 = 4;
