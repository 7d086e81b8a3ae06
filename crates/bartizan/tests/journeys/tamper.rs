//! What stands between the wall and an app, and adds to its pages what the app never wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bartizan_testkit::{Program, RecordingUpstream, Reply, free_port};
use tempfile::TempDir;

use crate::app::{Running, node_or};

/// An app whose pages can be added to.
#[derive(Debug)]
pub(crate) struct Tamper {
    program: Program,
    addition: PathBuf,
    elsewhere: RecordingUpstream,
}

impl Tamper {
    /// Stands before an app, and adds nothing yet.
    pub(crate) fn before(app: &Running) -> Self {
        let folder = TempDir::new().unwrap();
        let addition = folder.path().join("addition.html");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/tamper.mjs");
        let port = free_port();
        let mut command = Command::new(node_or("node"));
        command.arg(script).args([port.to_string(), app.port().to_string()]).arg(&addition);
        let elsewhere =
            RecordingUpstream::start(|_| Reply::with("Content-Type: text/javascript\r\n", "foreignRan = 1"));
        Self { program: Program::start(&mut command, folder, vec![port]), addition, elsewhere }
    }

    /// Returns where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.program.address(0).port())
    }

    /// From now on, every page has an inline script and one of a foreign origin.
    pub(crate) fn add(&self) {
        let foreign = self.foreign();
        fs::write(
            &self.addition,
            format!("<script>inlineRan = 1</script><script src=\"{foreign}/added.js\"></script>"),
        )
        .unwrap();
    }

    /// Returns the foreign origin.
    pub(crate) fn foreign(&self) -> String {
        self.elsewhere.url()
    }
}
