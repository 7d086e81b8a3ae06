//! The wall before an app: the shortest configuration there is, but for ports, and with the autopilot where asked for.

use std::process::Command;

use bartizan_testkit::Program;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A running wall.
#[derive(Debug)]
pub(crate) struct Wall {
    program: Program,
}

/// What the Observatory says of a page.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Grade {
    pub(crate) grade: String,
    pub(crate) score: i64,
}

impl Wall {
    /// Starts one under a profile.
    pub(crate) fn start(app: &str, profile: &str) -> Self {
        Self::with(app, &format!("profile = \"{profile}\"\n"))
    }

    /// Starts one whose autopilot takes each step when it is told to: one browser is all its clients.
    pub(crate) fn with_autopilot(app: &str, allow: &[String]) -> Self {
        // The firewall judges bodies, and is not asked here.
        Self::with(
            app,
            &format!(
                "waf = {{ mode = \"off\" }}\n[site.autopilot]\nmode = \"learn\"\nunknown = \"withhold\"\nlearn = \"1h\"\n\
             trial = \"1s\"\nstep = \"1s\"\npages = 1\nclients = 1\nwitnesses = 1\nallow = {allow:?}\n"
            ),
        )
    }

    fn with(app: &str, more: &str) -> Self {
        let program = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 3, |ports, state| {
            format!(
                "[server]\nlisten = [\"127.0.0.1:{secure}\"]\nlisten_http = [\"127.0.0.1:{plain}\"]\n\
                 admin = \"127.0.0.1:{admin}\"\nworkers = 1\nstate_dir = {state:?}\n[reports]\nflush = \"10ms\"\n\
                 [[site]]\nhosts = [\"localhost\"]\nupstream = [\"{app}\"]\nhttps = {{ port = {secure} }}\n{more}",
                secure = ports[0],
                plain = ports[1],
                admin = ports[2],
            )
        });
        Self { program }
    }

    /// Returns the address that visitors use.
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.program.address(0).port())
    }

    /// Returns its log.
    pub(crate) fn output(&self) -> String {
        self.program.output()
    }

    /// Scans a page, and returns what the Observatory says.
    pub(crate) fn grade(&self, page: &str) -> Grade {
        let (secure, plain) = (self.program.address(0), self.program.address(1));
        let report = self.run(|command| {
            command.args(["scan", &format!("https://localhost{page}"), "--format", "json", "--cacert"]);
            command.arg(self.program.directory().join("ca/ca.pem"));
            command.args(["--resolve", &format!("localhost:443:{secure}")]);
            command.args(["--resolve", &format!("localhost:80:{plain}")]);
        });
        serde_json::from_value(report["observatory"].clone()).unwrap_or_else(|error| panic!("{error}: {report:#}"))
    }

    /// Tells the autopilot something.
    pub(crate) fn tell(&self, word: &str) -> Value {
        self.run(|command| {
            let admin = self.program.address(2).to_string();
            command.args(["autopilot", word, "localhost", "--format", "json", "--admin", &admin]);
        })
    }

    /// Returns what the autopilot says of the site.
    pub(crate) fn status(&self) -> Value {
        self.tell("status")["sites"][0].clone()
    }

    fn run(&self, arguments: impl FnOnce(&mut Command)) -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        arguments(&mut command);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}\n{}", self.output()))
    }
}
