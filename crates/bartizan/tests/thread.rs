//! One request from a socket to an app and back, through everything, without a process of its own.

#![allow(clippy::unwrap_used, reason = "what cannot be had fails the test")]

use std::path::Path;

use bartizan::config::{Environment, Overrides, from_text};
use bartizan_proxy::serve;
use bartizan_testkit::{RecordingUpstream, TlsOptions, Trust, WireClient};

fn start(text: &str) -> serve::Running {
    let loaded = from_text(text, "test.toml", Path::new("."), &Environment::default(), &Overrides::default()).unwrap();
    serve::start(&loaded.config).unwrap()
}

#[test]
fn a_request_reaches_the_app_and_its_answer_comes_back_hardened() {
    let state = tempfile::tempdir().unwrap();
    let upstream = RecordingUpstream::answering("hello");
    let wall = start(&format!(
        "[server]\nlisten = [\"127.0.0.1:0\"]\nlisten_http = [\"127.0.0.1:0\"]\nadmin = \"none\"\nworkers = 1\n\
         state_dir = {:?}\n[server.log]\naccess = \"off\"\n[[site]]\nhosts = [\"app.example\"]\nupstream = [\"{}\"]\n",
        state.path(),
        upstream.url(),
    ));
    let options = TlsOptions::new(&Trust::DangerousAnyone, "app.example", &["http/1.1"]);
    let mut client = WireClient::tls(wall.addresses().tls[0], &options).unwrap();
    let response = client.ask(b"GET /a HTTP/1.1\r\nHost: app.example\r\nX-Forwarded-For: 192.0.2.9\r\n\r\n");
    assert_eq!((response.status, response.body.as_slice()), (200, &b"hello"[..]));
    for name in ["strict-transport-security", "content-security-policy", "x-content-type-options"] {
        assert_eq!(response.headers.iter().filter(|(header, _)| header == name).count(), 1, "{name}");
    }
    let seen = &upstream.wait_for(1)[0];
    assert_eq!(seen.request_line(), "GET /a HTTP/1.1");
    assert_eq!(seen.all("host"), ["app.example"]);
    assert_eq!(seen.all("x-forwarded-for"), ["127.0.0.1"]);

    let mut plain = WireClient::plain(wall.addresses().http[0]);
    let response = plain.ask(b"GET /a HTTP/1.1\r\nHost: app.example\r\n\r\n");
    assert_eq!(response.status, 301);
    assert!(response.headers.contains(&("location".to_owned(), "https://app.example/a".to_owned())));
    wall.drain();
}
