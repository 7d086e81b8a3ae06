//! One request from a socket to an app and back, through everything.

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
        "[server]\nlisten = [\"127.0.0.1:0\"]\nlisten_http = [\"127.0.0.1:0\"]\nadmin = \"127.0.0.1:0\"\nworkers = 1\nstate_dir = {:?}\n\
         [server.log]\naccess = \"off\"\n[[site]]\nhosts = [\"app.example\"]\nupstream = [\"{}\"]\n",
        state.path(),
        upstream.url(),
    ));
    let options = TlsOptions::new(&Trust::DangerousAnyone, "app.example", &["http/1.1"]);
    let mut client = WireClient::tls(wall.addresses().tls[0], &options).unwrap();
    let response = client.ask(b"GET /a HTTP/1.1\r\nHost: app.example\r\n\r\n");
    println!("{response:?}");
    println!("{}", upstream.requests()[0].text());
    assert_eq!(response.status, 200);
    let mut plain = WireClient::plain(wall.addresses().http[0]);
    let response = plain.ask(b"GET /a HTTP/1.1\r\nHost: app.example\r\n\r\n");
    println!("{response:?}");
    assert_eq!(response.status, 301);
    wall.drain();
}
