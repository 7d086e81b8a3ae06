//! A PostgreSQL server of a test: its own cluster in its own folder, reached by a Unix socket or by TLS on loopback.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::wait::{free_port, wait_until};

/// A cluster; its server ends when this is dropped.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    settings: Vec<String>,
    server: Option<Child>,
}

impl Postgres {
    /// Makes a cluster and starts its server, unless there is no PostgreSQL: then it says so loudly.
    ///
    /// # Panics
    ///
    /// When PostgreSQL is there and does not start.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            crate::skip("PostgreSQL is missing; `cargo xtask setup` installs it");
            return None;
        };
        let folder = TempDir::new().unwrap();
        let mut postgres = Self { folder, programs, port: free_port(), settings: Vec::new(), server: None };
        postgres.own(postgres.folder.path());
        let password = postgres.folder.path().join("password");
        fs::write(&password, format!("{PASSWORD}\n")).unwrap();
        postgres.own(&password);
        let output = postgres
            .command("initdb")
            .args(["--username=wall", "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "--pwfile"])
            .arg(&password)
            .arg("--pgdata")
            .arg(postgres.folder.path().join("data"))
            .output()
            .unwrap();
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        postgres.run();
        Some(postgres)
    }

    /// Has the server speak TLS on loopback, with these files.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub fn encrypt(&mut self, certificate: &str, key: &str) {
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let path = self.folder.path().join("data").join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            self.own(&path);
        }
        self.settings = vec!["ssl=on".to_owned(), "listen_addresses=127.0.0.1".to_owned()];
        self.stop();
        self.run();
    }

    /// Starts the server and waits until it answers.
    ///
    /// # Panics
    ///
    /// When it ends instead.
    pub fn run(&mut self) {
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.folder.path().join("data")).arg("-k").arg(self.folder.path());
        command.args(["-p", &self.port.to_string(), "-c", "max_connections=10"]);
        let quiet = ["listen_addresses=", "shared_buffers=16MB", "dynamic_shared_memory_type=mmap"];
        for setting in quiet.into_iter().map(str::to_owned).chain(self.settings.iter().cloned()) {
            command.args(["-c", &setting]);
        }
        let log = fs::File::create(self.folder.path().join("log")).unwrap();
        self.server = Some(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap());
        let socket = self.folder.path().join(format!(".s.PGSQL.{}", self.port));
        wait_until("PostgreSQL to listen", || {
            let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            let ended = self.server.as_mut().and_then(|server| server.try_wait().unwrap());
            assert!(ended.is_none(), "PostgreSQL ended: {}", log());
            (socket.exists() && log().contains("ready to accept connections")).then_some(())
        });
    }

    /// Stops the server at once, as a crash would.
    ///
    /// # Panics
    ///
    /// When it does not end.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // Immediate: connections are cut and nothing is written any more.
            Command::new("kill").args(["-s", "QUIT", &server.id().to_string()]).status().unwrap();
            server.wait().unwrap();
        }
    }

    /// Returns the address of a database by the Unix socket, where no password is asked for.
    pub fn address(&self, database: &str) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://wall@{folder}:{}/{database}", self.port)
    }

    /// Returns the address on loopback, with the password.
    pub fn address_with_password(&self, password: &str) -> String {
        format!("postgres://wall:{password}@localhost:{}/postgres", self.port)
    }

    /// Runs a statement as an operator would.
    ///
    /// # Panics
    ///
    /// When it fails.
    pub fn execute(&self, sql: &str) -> String {
        let port = self.port.to_string();
        let output = Command::new(self.programs.join("psql"))
            .args(["-h", &self.folder.path().display().to_string(), "-p", &port, "-U", "wall", "-d", "postgres"])
            .args(["-v", "ON_ERROR_STOP=1", "-At", "-c", sql])
            .output()
            .unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// PostgreSQL refuses to run as root.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        if let Some((user, group)) = other_user() {
            command.uid(user).gid(group);
        }
        command.current_dir(self.folder.path());
        command
    }

    fn own(&self, path: &Path) {
        if let Some((user, group)) = other_user() {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The password over TLS.
pub const PASSWORD: &str = "not-a-secret-of-anyone";

/// Returns where the programs are: Debian puts them beside no others.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().collect();
    versions.sort_by_key(|version| version.file_name().to_string_lossy().parse::<u32>().unwrap_or_default());
    let debian = versions.into_iter().rev().map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian.chain(std::env::split_paths(&path)).find(|folder| folder.join("initdb").exists())
}

/// Returns whom root runs the server as: PostgreSQL's own user or, where there is none, nobody.
fn other_user() -> Option<(u32, u32)> {
    let is_root = fs::read_to_string("/proc/self/status").ok()?.lines().any(|line| line.starts_with("Uid:\t0\t"));
    if !is_root {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}
