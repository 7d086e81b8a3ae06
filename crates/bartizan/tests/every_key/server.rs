//! `[server]` and `[server.log]`.

use std::net::SocketAddr;

use bartizan_proxy::serve::Running;
use bartizan_testkit::h2::H2Client;
use bartizan_testkit::{RecordingUpstream, Release, Reply, TlsOptions, Trust, WireClient};

use super::asks::{Ask, HOST, PATIENCE, http1, soon};
use super::case::Case;
use super::fixture::Fixture;
use super::{Proof, Row, Seen, below};

pub(crate) fn proofs() -> Vec<Proof> {
    below("server.", ROWS)
}

const ROWS: &[Row] = &[
    ("drain", &["\"200ms\"", "\"1h\""], &[], running_exchange_at_the_end),
    ("listen", &["[\"127.0.0.1:0\"]", "[\"127.0.0.2:0\"]"], &[], |case| at(case, |wall| &wall.addresses().tls)),
    ("listen_http", &["[\"127.0.0.1:0\"]", "[\"127.0.0.2:0\"]"], &[], |case| at(case, |wall| &wall.addresses().http)),
    ("admin", &["\"127.0.0.1:0\"", "\"none\""], &[], admin),
    ("workers", &["1", "8"], &[], connections_to_the_app),
    ("trusted_proxies", &["[\"127.0.0.1\"]", "[]"], &[], forwarded_address),
    ("proxy_protocol", &["\"off\"", "\"required\""], &[("trusted_proxies", "[\"127.0.0.1\"]")], with_proxy_header),
    ("state_dir", &["\"@state_one\"", "\"@state_two\""], &[], authority_of_the_state),
    ("log.access", &["\"human\"", "\"json\"", "\"off\""], &[("log.level", "\"error\"")], access_log),
    ("log.level", &["\"error\"", "\"warn\"", "\"info\"", "\"debug\"", "\"trace\""], &[], messages),
];

fn running_exchange_at_the_end(case: &Case<'_>) -> Seen {
    let release = Release::default();
    let held = release.clone();
    let app =
        RecordingUpstream::start(move |_| Reply::raw("").hang(&held, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
    let wall = case.start(&[&app]);
    let mut client = http1(&wall);
    client.send(&Ask::get("/").bytes());
    app.wait_for(1);
    let ending = std::thread::spawn(move || wall.drain());
    let is_kept = client.is_silent_for(PATIENCE);
    release.release();
    ending.join().unwrap();
    vec![("running exchange", format!("kept: {is_kept}"))]
}

/// Says at which address a listener answers, having asked there.
fn at(case: &Case<'_>, list: fn(&Running) -> &Vec<SocketAddr>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let address = list(&wall)[0];
    drop(std::net::TcpStream::connect(address).unwrap());
    let is_tls = wall.addresses().tls.contains(&address);
    let seen = if is_tls { Ask::get("/").first(&wall) } else { Ask::get("/").plain(&wall) };
    assert!(seen.starts_with(if is_tls { "200" } else { "301" }), "{seen}");
    vec![("address", address.ip().to_string())]
}

fn admin(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let answer = wall.addresses().admin.map_or("nobody".to_owned(), |address| {
        WireClient::plain(address).ask(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").text()
    });
    vec![("/health", answer)]
}

/// Each worker keeps connections of its own, so many clients one after the other cost one, or a few.
fn connections_to_the_app(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    for _ in 0..32 {
        assert!(Ask::get("/").first(&wall).starts_with("200"));
    }
    vec![("workers that asked", (if app.connections().len() == 1 { "one" } else { "several" }).to_owned())]
}

fn forwarded_address(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let ask = Ask { more: &[("X-Forwarded-For", "203.0.113.9")], ..Ask::get("/") };
    assert!(ask.first(&wall).starts_with("200") && ask.second(&wall).starts_with("200"));
    let seen = app.wait_for(2);
    let told = |index: usize| seen[index].header("x-real-ip").unwrap();
    vec![("HTTP/1.1", told(0)), ("HTTP/2", told(1))]
}

fn with_proxy_header(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let options = TlsOptions::new(&Trust::DangerousAnyone, HOST, &["http/1.1"]);
    let header = b"PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\n";
    let tls = match WireClient::tls_after(wall.addresses().tls[0], header, &options) {
        Ok(mut client) => client.ask(&Ask::get("/").bytes()).status.to_string(),
        Err(_) => "refused".to_owned(),
    };
    let mut plain = WireClient::plain(wall.addresses().http[0]);
    plain.send(&[&header[..], &Ask::get("/").bytes()].concat());
    vec![
        ("TLS", tls),
        (
            "plain",
            plain.try_read_response().map_or_else(|_| "closed".to_owned(), |response| response.status.to_string()),
        ),
    ]
}

/// Without files of its own a site gets a certificate from the authority that lives there.
fn authority_of_the_state(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.without_certificate().start(&[&app]);
    let trust = trust_in(&case.fixture.path("state_one").join("ca/ca.pem"));
    let options = TlsOptions::new(&trust, HOST, &["http/1.1"]);
    vec![("trusts the first", WireClient::tls(wall.addresses().tls[0], &options).is_ok().to_string())]
}

/// Returns trust in the authority of a file; a file that is not there vouches for nobody.
pub(crate) fn trust_in(path: &std::path::Path) -> Trust {
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;
    let all = CertificateDer::pem_file_iter(path).map(|all| all.map(Result::unwrap).collect());
    Trust::Roots(all.unwrap_or_default())
}

/// The log is complete once the program has ended.
fn access_log(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let (mut program, place) = case.program(&app);
    let options = TlsOptions::new(&Trust::DangerousAnyone, HOST, &["http/1.1"]);
    let mut client = WireClient::tls(place, &options).unwrap();
    assert_eq!(client.ask(&Ask::get("/logged").bytes()).status, 200);
    drop(client);
    program.signal("TERM");
    program.wait_for_exit();
    let form = || match program.output().lines().find(|line| line.contains("/logged")) {
        Some(line) if line.starts_with('{') => "JSON",
        Some(_) => "for people",
        None => "nothing",
    };
    // The last lines may still be on their way to the reader.
    soon(|| form() != "nothing");
    vec![("form", form().to_owned())]
}

#[test]
fn a_reload_changes_the_level() {
    let fixture = Fixture::new();
    let case = Case::new(&fixture, &[], "server.log.level", "\"error\"");
    let (program, _) = case.program(&Case::app());
    let file = program.directory().join("wall.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!program.output().contains("listening on"));
    std::fs::write(&file, text.replace("log.level = \"error\"", "log.level = \"info\"")).unwrap();
    program.signal("HUP");
    program.wait_for_output("the new configuration is in force");
}

/// An exchange over HTTP/2, a reload of a file that is broken, and the end: each level has something to say.
fn messages(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let (mut program, place) = case.program(&app);
    let options = TlsOptions::new(&Trust::DangerousAnyone, HOST, &["h2"]);
    let mut client = H2Client::new(WireClient::tls(place, &options).unwrap());
    assert_eq!(Ask::get("/").over_http2(&mut client, 1).status(), Some(200));
    drop(client);
    std::fs::write(program.directory().join("wall.toml"), "broken").unwrap();
    program.signal("HUP");
    program.wait_for_output("not TOML");
    program.signal("TERM");
    program.wait_for_exit();
    let output = program.output();
    let levels = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];
    let said = levels.into_iter().filter(|level| output.contains(&format!(" {level} ")));
    vec![("levels", said.collect::<Vec<_>>().join(" "))]
}
