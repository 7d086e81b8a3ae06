//! The program with a firewall, in front of an app that writes everything down.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use bartizan_testkit::h2::H2Client;
use bartizan_testkit::{Program, RawResponse, RecordingUpstream, TlsOptions, Trust, WireClient, wait_until};
use serde_json::Value;

/// A running wall; its app is the caller's.
pub(crate) struct Wall {
    pub(crate) program: Program,
}

impl Wall {
    /// Starts one whose site has these keys and tables, `[site.waf]` among them.
    pub(crate) fn before(app: SocketAddr, site: &str) -> Self {
        Self::before_with(app, |_| site.to_owned())
    }

    /// Starts one with a recording app, whose site is written once the folder of state is known.
    pub(crate) fn with_rules_of(site: impl FnOnce(&Path) -> String) -> (Self, RecordingUpstream) {
        let app = RecordingUpstream::answering("ok");
        (Self::before_with(app.address(), site), app)
    }

    fn before_with(app: SocketAddr, site: impl FnOnce(&Path) -> String) -> Self {
        let program = Program::serve(BINARY, 3, |ports, directory| {
            let [tls, plain, admin] = ports else { panic!("three ports") };
            let state = directory.join("state");
            let site = site(&state);
            format!(
                "[server]\nlisten = [\"127.0.0.1:{tls}\"]\nlisten_http = [\"127.0.0.1:{plain}\"]\n\
                 admin = \"127.0.0.1:{admin}\"\nworkers = 1\nstate_dir = {state:?}\n[server.log]\naccess = \"off\"\n\
                 [[site]]\nhosts = [\"app.example\"]\nhttps = {{ redirect = \"dangerous_plain_http\" }}\n\
                 upstream = [\"http://{app}\"]\n{site}\n"
            )
        });
        Self { program }
    }

    /// Starts one with a recording app that answers "ok".
    pub(crate) fn with(site: &str) -> (Self, RecordingUpstream) {
        let app = RecordingUpstream::answering("ok");
        (Self::before(app.address(), site), app)
    }

    /// Speaks HTTP/1.1 in the clear.
    pub(crate) fn plain(&self) -> WireClient {
        WireClient::plain(self.program.address(1))
    }

    /// Speaks HTTP/2.
    pub(crate) fn h2(&self) -> H2Client {
        let options = TlsOptions::new(&Trust::DangerousAnyone, "app.example", &["h2"]);
        H2Client::new(WireClient::tls(self.program.address(0), &options).unwrap())
    }

    /// Asks the admin listener, as text.
    pub(crate) fn told(&self, path: &str) -> RawResponse {
        let admin = self.program.address(2);
        let ask = format!("GET {path} HTTP/1.1\r\nHost: {admin}\r\nConnection: close\r\n\r\n");
        WireClient::plain(admin).ask(ask.as_bytes())
    }

    /// Returns the last events, newest first, once there are so many.
    pub(crate) fn events(&self, count: usize) -> Vec<Value> {
        wait_until("events of the firewall", || {
            let events: Vec<Value> = serde_json::from_str(&self.told("/waf/events").text()).unwrap();
            (events.len() >= count).then_some(events)
        })
    }

    /// Runs a command of the program that asks this wall, and returns its exit code and what it wrote.
    pub(crate) fn command(&self, arguments: &[&str]) -> (i32, String) {
        let admin = self.program.address(2).to_string();
        let output = Command::new(BINARY).args(arguments).args(["--admin", &admin]).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    }
}

/// Returns the numbers of the rules of an event.
pub(crate) fn rules_of(event: &Value) -> Vec<u64> {
    event["rules"].as_array().unwrap().iter().filter_map(|rule| rule["id"].as_u64()).collect()
}

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_bartizan");
