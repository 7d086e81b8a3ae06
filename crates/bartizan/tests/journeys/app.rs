//! One app: how it is installed, seeded and started, as its `app.toml` says.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use bartizan_testkit::{Program, free_port, outside_program, wait_up_to};
use serde::Deserialize;
use tempfile::TempDir;

/// What an app's `app.toml` says. `{env}` is where its packages lie, `{here}` its folder, `{state}` a folder of its
/// own that is empty before the seed, `{port}` where it is to listen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// As people call it.
    pub(crate) title: String,
    /// What the journey does, for the table.
    pub(crate) does: String,
    /// `npm` or `pypi`; `cargo xtask setup` reads it.
    #[allow(dead_code, reason = "the installer's")]
    registry: String,
    /// With exact versions; the first is the app.
    pub(crate) packages: Vec<String>,
    /// Versions that npm takes for what packages ask for.
    #[serde(default)]
    #[allow(dead_code, reason = "the installer's")]
    overrides: BTreeMap<String, String>,
    /// Commands that run to their end, once, before the app starts.
    #[serde(default)]
    seed: Vec<Vec<String>>,
    start: Vec<String>,
    /// The path of a page that the app answers when it is ready.
    pub(crate) ready: String,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    /// Whether it is travelled in every check; the others, which take minutes, by `cargo xtask journeys` alone.
    #[serde(default)]
    in_checks: bool,
    /// What an operator would have to vouch for, since no page of the app names it.
    #[serde(default)]
    pub(crate) allow: Vec<String>,
    /// What no policy without `'unsafe-inline'` can allow: the autopilot tells of it, and goes no further by itself.
    pub(crate) obstacle: Option<String>,
    /// Parts of faults that come and go without any wall.
    #[serde(default)]
    pub(crate) noise: Vec<String>,
}

/// An installed app.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) row: Row,
    here: PathBuf,
    packages: PathBuf,
}

impl App {
    /// Finds an app by its folder, unless its packages are missing: then it says so.
    pub(crate) fn find(name: &str) -> Option<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/apps").join(name);
        let row: Row = toml::from_str(&fs::read_to_string(here.join("app.toml")).unwrap()).unwrap();
        if !row.in_checks && std::env::var_os("BARTIZAN_JOURNEYS").is_none() {
            // Nothing is missing: it is left for another command.
            let _ = writeln!(std::io::stderr(), "{} is travelled by `cargo xtask journeys`", row.title);
            return None;
        }
        let packages = outside_program(&target().join("journeys").join(name).join(".installed"))?;
        Some(Self { name: name.to_owned(), row, here, packages: packages.parent()?.canonicalize().unwrap() })
    }

    /// Seeds and starts it, and waits until it answers.
    pub(crate) fn start(&self) -> Running {
        let state = TempDir::new().unwrap();
        let port = free_port();
        let fill = |text: &str| {
            text.replace("{env}", self.packages.to_str().unwrap())
                .replace("{here}", self.here.to_str().unwrap())
                .replace("{state}", state.path().to_str().unwrap())
                .replace("{port}", &port.to_string())
        };
        let command = |words: &[String]| {
            let words: Vec<_> = words.iter().map(|word| fill(word)).collect();
            let (program, arguments) = words.split_first().unwrap();
            let mut command = Command::new(node_or(program));
            command.args(arguments).current_dir(state.path());
            command.env("HOME", state.path()).env("PYTHONDONTWRITEBYTECODE", "1");
            command.envs(self.row.environment.iter().map(|(name, value)| (name, fill(value))));
            command
        };
        for words in &self.row.seed {
            let done = command(words).output().unwrap();
            let said = || String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
            assert!(done.status.success(), "{words:?}: {}", said());
        }
        let mut start = command(&self.row.start);
        let mut program = Program::start(&mut start, state, Vec::new());
        wait_up_to(STARTED_WITHIN, &self.row.title, || {
            assert!(program.exited().is_none(), "{} ended:\n{}", self.row.title, program.output());
            answers(port, &self.row.ready)
        });
        Running { program, port }
    }

    /// Returns the journey's file.
    pub(crate) fn journey(&self) -> PathBuf {
        self.here.join("journey.mjs")
    }
}

/// A started app; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    program: Program,
    port: u16,
}

impl Running {
    /// Returns where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Returns its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Returns what it wrote.
    pub(crate) fn output(&self) -> String {
        self.program.output()
    }
}

/// Returns the names of all folders of apps.
pub(crate) fn folders() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/apps");
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Returns the folder into which `cargo xtask setup` installs.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

/// The environment's Node.js where setup had to bring one, else the machine's.
pub(crate) fn node_or(program: &str) -> PathBuf {
    let own = target().join("test-venv/bin/node");
    if program == "node" && own.exists() { own } else { program.into() }
}

/// Whether anything but a failure is answered.
fn answers(port: u16, path: &str) -> Option<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(STARTED_WITHIN)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n").ok()?;
    let mut status = [0; 12];
    stream.read_exact(&mut status).ok()?;
    matches!(status, [.., b'2'..=b'4', _, _]).then_some(())
}

/// Python reads much before it listens, and machines that test are busy.
const STARTED_WITHIN: Duration = Duration::from_secs(90);
