//! The MDN Observatory's own scanner against the demo.
//!
//! It scans host names on ports 80 and 443 alone, so this file has one test: two could not listen at once.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use bartizan_testkit::{Program, outside_program, skip};
use serde_json::Value;
use tempfile::TempDir;

#[test]
fn the_demo_gets_the_grades_that_are_promised() {
    let Some(scanner) = Scanner::find() else { return };
    for port in [HTTP, HTTPS] {
        if let Err(error) = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))) {
            return skip(&format!("the scanner asks on port {port}, which cannot be listened on: {error}"));
        }
    }
    for (profile, grades, score) in
        [("strict", &["A+"][..], 115), ("balanced", &["A+", "A", "A-", "B+"][..], BALANCED_AT_LEAST)]
    {
        let result = scanner.scan(profile);
        let (grade, reached) = (&result["scan"]["grade"], &result["scan"]["score"]);
        println!("{profile}: {grade}, {reached}");
        assert!(grades.iter().any(|good| grade == good), "{profile}: {result:#}");
        assert!(reached.as_i64().is_some_and(|reached| reached >= score), "{profile}: {result:#}");
    }
}

/// What B+ begins with.
const BALANCED_AT_LEAST: i64 = 80;
const HTTP: u16 = 80;
const HTTPS: u16 = 443;
/// A name that every machine knows as its own (RFC 6761, 6.3).
const HOST: &str = "localhost";

struct Scanner {
    node: PathBuf,
    script: PathBuf,
}

impl Scanner {
    fn find() -> Option<Self> {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
        // Not the wrapper that npm links to: it sets the certificates to trust by itself.
        let package = target.join("test-node/node_modules/@mdn/mdn-http-observatory");
        let script = outside_program(&package.join("src/scan.js"))?;
        outside_program(&package.join("conf/hsts-preload.json"))?;
        let own = target.join("test-venv/bin/node");
        Some(Self { node: if own.exists() { own } else { "node".into() }, script })
    }

    /// Starts the demo, scans it, and returns what the scanner prints.
    fn scan(&self, profile: &str) -> Value {
        let home = TempDir::new().unwrap();
        let mut demo = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        demo.args(["demo", "--profile", profile, "--listen", "127.0.0.1:443", "--listen-http", "127.0.0.1:80"]);
        demo.env("STATE_DIRECTORY", home.path());
        let demo = Program::start(&mut demo, home, vec![HTTPS, HTTP]);
        let output = Command::new(&self.node)
            .arg(&self.script)
            .arg(HOST)
            .env("NODE_EXTRA_CA_CERTS", demo.directory().join("ca/ca.pem"))
            .output()
            .unwrap();
        let (out, faults) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{faults}{}", demo.output()))
    }
}
