//! Our own requests: few connections, both families of addresses, and with leave what no visitor asks.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use bartizan_rules::catalog::rules;
use bartizan_rules::judge;
use bartizan_rules::observatory::Algorithm;
use bartizan_scan::{Client, Part, Plan, Probing, Resolver, Scanned, Trust, scan, tls};
use bartizan_testkit::{RecordingUpstream, Reply};

fn look(target: &str, overrides: &[String], probing: Probing) -> Scanned {
    let client = Client {
        resolver: Resolver::new(overrides.iter().map(|text| text.parse().unwrap()).collect()),
        trust: Trust::new(&[]),
        patience: Duration::from_secs(5),
    };
    let plan = Plan {
        algorithm: Algorithm::V5,
        parts: vec![Part::Findings],
        own_lines: Vec::new(),
        probing,
        tls: tls::Options::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Box::pin(scan(&client, &target.parse().unwrap(), &plan)))
}

/// Returns the ids of what is found and what each says.
fn found(scanned: &Scanned) -> Vec<(&'static str, String)> {
    judge(rules(), &scanned.facts).into_iter().map(|finding| (finding.rule.id(), finding.message)).collect()
}

#[test]
fn requests_share_connections_and_lost_ones_are_made_anew() {
    for (closes, most) in [(false, 9), (true, usize::MAX)] {
        let site = RecordingUpstream::start(move |_| {
            let reply = Reply::with("Content-Type: text/html\r\n", "<p>hello");
            if closes { reply.close() } else { reply }
        });
        let scanned = look(&site.url(), &[], Probing::Guest);
        // The visit, the file, the preflight, the page again, an error page, security.txt, four or five strangers.
        assert!(site.requests().len() >= 10, "{}", site.requests().len());
        assert!(site.connections().len() <= most, "{} of {}", site.connections().len(), site.requests().len());
        assert_eq!(scanned.facts.repeats().len(), 1);
        assert!(scanned.facts.cross_origin_answers().len() >= 4);
        assert!(scanned.facts.security_txt().is_some() && !scanned.facts.chains().is_empty());
    }
}

/// Serves one answer to everybody, on a thread that ends with the test's process.
fn serve(address: &str, lines: &'static str) -> Option<SocketAddr> {
    let listener = TcpListener::bind(address).ok()?;
    let bound = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(stream, "HTTP/1.1 200 OK\r\n{lines}Connection: close\r\nContent-Length: 2\r\n\r\nhi");
        }
    });
    Some(bound)
}

#[test]
fn both_families_are_compared() {
    let protected = "Content-Type: text/html\r\nX-Content-Type-Options: nosniff\r\n";
    let bare = "Content-Type: text/html\r\n";
    for (over_ipv6, said) in [
        (Some(protected), None),
        (Some(bare), Some("over IPv6 without x-content-type-options")),
        (None, Some("over IPv6 there is no answer")),
    ] {
        let ipv4 = serve("127.0.0.1:0", protected).unwrap();
        let Some(ipv6) = serve("[::1]:0", over_ipv6.unwrap_or(bare)) else {
            eprintln!("SKIPPED: this machine has no IPv6");
            return;
        };
        // Nobody listens on a port that was just given back, or speaks HTTP on it.
        let ipv6 = if over_ipv6.is_some() { ipv6.to_string() } else { "[::1]:1".to_owned() };
        let overrides = [format!("a.test:80:{ipv4}"), format!("a.test:80:{ipv6}")];
        let found = found(&look("http://a.test/", &overrides, Probing::Guest));
        let differ = found.iter().find(|(id, _)| *id == "address-families-differ").map(|(_, message)| message.as_str());
        assert_eq!(differ.is_some(), said.is_some(), "{differ:?}");
        assert!(said.is_none_or(|said| differ.unwrap().starts_with(said)), "{differ:?}");
    }
}

#[test]
fn with_leave_more_is_asked_and_without_nothing_of_it() {
    let ids = ["open-redirect", "source-map-exposed", "debug-page-shown", "method-override-heeded", "methods-offered"];
    let asked = Mutex::new(Vec::new());
    for probing in [Probing::Guest, Probing::Probe] {
        let site = RecordingUpstream::start(|request| {
            let line = request.request_line();
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            let html = "Content-Type: text/html\r\n";
            if line.starts_with("OPTIONS") {
                Reply::with("Allow: GET, PUT\r\n", "")
            } else if path.starts_with("//") {
                Reply::raw(format!("HTTP/1.1 301 x\r\nLocation: {path}/\r\nContent-Length: 0\r\n\r\n"))
            } else if path == "/app.js.map" {
                Reply::ok("{\"version\":3,\"sources\":[\"a.ts\"],\"mappings\":\"\"}")
            } else if path.contains("%zz") {
                let body = "Traceback (most recent call last)";
                Reply::raw(format!("HTTP/1.1 500 x\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
            } else if path == "/" && request.header("x-http-method-override").is_some() {
                Reply::with(html, "")
            } else if path == "/" {
                Reply::with(html, "<script src=/app.js></script>")
            } else {
                Reply::raw("HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n")
            }
        });
        let found = found(&look(&site.url(), &[], probing));
        for id in ids {
            let is_found = found.iter().any(|(known, _)| *known == id);
            let needs_leave = id != "methods-offered";
            assert_eq!(is_found, probing == Probing::Probe || !needs_leave, "{id} {probing:?}: {found:?}");
        }
        asked.lock().unwrap().push(site.requests().len());
    }
    let asked = asked.into_inner().unwrap();
    assert!(asked[1] > asked[0] + 20, "{asked:?}");
}
