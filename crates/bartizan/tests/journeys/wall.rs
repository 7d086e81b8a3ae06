//! The wall before an app: the shortest configuration there is, but for ports.

use std::fmt::Write;
use std::process::Command;

use bartizan_testkit::Program;
use serde_json::Value;

use crate::app::Running;

/// A running wall.
#[derive(Debug)]
pub(crate) struct Wall {
    program: Program,
}

/// Starts one under a profile.
pub(crate) fn wall(app: &Running, profile: &str) -> Wall {
    let program = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, state| {
        let mut text = String::new();
        let [secure, plain] = ports else { unreachable!("two were asked for") };
        write!(
            text,
            "[server]\nlisten = [\"127.0.0.1:{secure}\"]\nlisten_http = [\"127.0.0.1:{plain}\"]\nadmin = \"none\"\n\
             workers = 1\nstate_dir = {state:?}\n[[site]]\nhosts = [\"localhost\"]\nupstream = [\"{}\"]\n\
             profile = \"{profile}\"\nhttps = {{ port = {secure} }}\n",
            app.url(),
        )
        .unwrap();
        text
    });
    Wall { program }
}

impl Wall {
    /// Returns the address that visitors use.
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.program.address(0).port())
    }

    /// Returns its log.
    pub(crate) fn output(&self) -> String {
        self.program.output()
    }

    /// Scans it, and returns the Observatory's grade and score, and the policy that is enforced.
    pub(crate) fn scan(&self) -> (String, String) {
        let (secure, plain) = (self.program.address(0), self.program.address(1));
        let output = Command::new(env!("CARGO_BIN_EXE_bartizan"))
            .args(["scan", "localhost", "--format", "json", "--cacert"])
            .arg(self.program.directory().join("ca/ca.pem"))
            .args(["--resolve", &format!("localhost:443:{secure}"), "--resolve", &format!("localhost:80:{plain}")])
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let grade = report["observatory"]["grade"].as_str().unwrap_or("none").to_owned();
        (grade, report["observatory"]["score"].to_string())
    }
}
