//! How many reports one core reads and counts, and in how much memory: `flood REPORTS FINGERPRINTS`.
//!
//! Batches of a hundred go into a collector over a SQLite file, as from a browser, without HTTP.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use std::net::IpAddr;
use std::time::{Duration, Instant};

use bartizan_reports::collector::{Collector, Sender, Settings, now};
use bartizan_reports::receive::Labels;
use bartizan_reports::store::{Filter, Sqlite, Store as _};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap());
    let (reports, fingerprints) = (arguments.next().unwrap_or(1_000_000), arguments.next().unwrap_or(100));
    let path = std::env::temp_dir().join(format!("flood-{}.sqlite", std::process::id()));
    let store = Sqlite::open(&path).unwrap();
    let (collector, keeper) = Collector::start(Settings::default(), Box::new(store)).unwrap();
    let labels = Labels { content_type: Some("application/reports+json"), content_encoding: None };
    let mut busy = Duration::ZERO;
    let mut sent = 0;
    while sent < reports {
        let body = body(sent, fingerprints);
        let address: IpAddr = [10, 0, (sent / 25_600 % 256) as u8, (sent / 100 % 256) as u8].into();
        let sender = Sender { site: "flood.example", policy: "1", address, user_agent: "flood" };
        let began = Instant::now();
        collector.receive(&sender, labels, body.as_bytes(), now()).unwrap();
        busy += began.elapsed();
        sent += 100;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("{:.0} reports/s; {peak}", sent as f64 / busy.as_secs_f64());
    keeper.stop();
    let mut store = Sqlite::open(&path).unwrap();
    println!(
        "{:?} of {sent} sent; {} bytes",
        store.totals(&Filter::default()).unwrap(),
        path.metadata().unwrap().len()
    );
    drop(store);
    let _ = std::fs::remove_file(&path);
}

fn body(start: u64, fingerprints: u64) -> String {
    let report = |number: u64| {
        format!(
            "{{\"age\":{age},\"body\":{{\"blockedURL\":\"https://{host}.cdn.example/a.js?t={number}\",\"columnNumber\":76,\
             \"disposition\":\"enforce\",\"documentURL\":\"https://flood.example/page?x={number}\",\
             \"effectiveDirective\":\"script-src-elem\",\"lineNumber\":1,\"originalPolicy\":\"default-src 'none'; \
             script-src 'self' 'nonce-abc'; style-src 'self'; report-uri https://flood.example/r; report-to ep\",\
             \"referrer\":\"\",\"sample\":\"\",\"sourceFile\":\"https://flood.example/page\",\"statusCode\":200}},\
             \"type\":\"csp-violation\",\"url\":\"https://flood.example/page?x={number}\",\"user_agent\":\"Mozilla/5.0 \
             (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\"}}",
            age = number % 60_000,
            host = number % fingerprints,
        )
    };
    let reports: Vec<_> = (start..start + 100).map(report).collect();
    format!("[{}]", reports.join(","))
}
