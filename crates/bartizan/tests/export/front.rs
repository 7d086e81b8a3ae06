//! The real programs before an app, each with a certificate of a test's authority.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use bartizan_testkit::{Issued, Program, TestCa, TlsOptions, Trust, WireClient, free_port, outside_program};

use crate::command::export;

/// The host of every test.
pub(crate) const HOST: &str = "app.test";

/// A program that can stand before an app.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// The target's name.
    pub(crate) name: &'static str,
    path: &'static str,
    /// Writes what the exported file is included by, and returns the command.
    command: fn(&Path, &Path) -> Command,
}

/// All of them, and the wall to compare with.
pub(crate) static KINDS: [Kind; 5] = [
    Kind { name: "wall", path: env!("CARGO_BIN_EXE_bartizan"), command: wall },
    Kind { name: "nginx", path: "/usr/sbin/nginx", command: nginx },
    Kind { name: "apache", path: "/usr/sbin/apache2", command: apache },
    Kind { name: "caddy", path: "/usr/bin/caddy", command: caddy },
    Kind { name: "haproxy", path: "/usr/sbin/haproxy", command: haproxy },
];

impl Kind {
    /// Returns the command by which the program judges a configuration; nothing where it is missing, which is said.
    pub(crate) fn checking(self, directory: &Path, exported: &Path) -> Option<Command> {
        outside_program(Path::new(self.path))?;
        let mut command = (self.command)(directory, exported);
        match self.name {
            "nginx" | "apache" => command.arg("-t"),
            "haproxy" => command.arg("-c"),
            "caddy" => {
                command = Command::new(self.path);
                command.args(["validate", "--adapter", "caddyfile", "--config"]).arg(exported)
            }
            other => panic!("{other} is not asked"),
        };
        Some(command)
    }
}

/// A running program before an app.
pub(crate) struct Front {
    pub(crate) program: Program,
    pub(crate) ca: TestCa,
}

impl Front {
    /// Starts a program with what is exported for it; nothing where the program is missing, which is said.
    pub(crate) fn start(kind: Kind, profile: &str, app: &str) -> Option<Self> {
        outside_program(Path::new(kind.path))?;
        let ca = TestCa::new();
        let issued = ca.issue(&[HOST]);
        let directory = tempfile::tempdir().unwrap();
        let ports = vec![free_port(), free_port()];
        let config = directory.path().join("bartizan.toml");
        fs::write(&config, toml(&ports, directory.path(), &issued, profile, app)).unwrap();
        let exported = directory.path().join("exported.conf");
        if kind.name != "wall" {
            let output = export(&arguments(kind, &config, &both(directory.path(), &issued)));
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            fs::write(&exported, output.stdout).unwrap();
        }
        let mut command = (kind.command)(directory.path(), &exported);
        Some(Self { program: Program::start(&mut command, directory, ports), ca })
    }

    /// Where it speaks TLS.
    pub(crate) fn secure(&self) -> SocketAddr {
        self.program.address(0)
    }

    /// Where it speaks plain HTTP.
    pub(crate) fn plain(&self) -> SocketAddr {
        self.program.address(1)
    }

    /// Connects to it over TLS.
    pub(crate) fn client(&self) -> WireClient {
        let options = TlsOptions::new(&Trust::ca(&self.ca), HOST, &["http/1.1"]);
        WireClient::tls(self.secure(), &options).unwrap()
    }
}

fn toml(ports: &[u16], state: &Path, issued: &Issued, profile: &str, app: &str) -> String {
    format!(
        "[server]\nlisten = [\"127.0.0.1:{}\"]\nlisten_http = [\"127.0.0.1:{}\"]\nadmin = \"none\"\nworkers = 1\n\
         state_dir = {state:?}\n[[site]]\nhosts = [\"{HOST}\"]\nupstream = [\"{app}\"]\nprofile = \"{profile}\"\n\
         certificate = {{ chain = {:?}, key = {:?} }}\nhttps = {{ port = 443 }}\n{ROUTES}",
        ports[0], ports[1], issued.chain, issued.key,
    )
}

/// Paths with rules of their own, the longest prefix winning.
const ROUTES: &str = r#"
[[site.route]]
path = "/internal/"
deny = true
[[site.route]]
path = "/internal/open/"
[[site.route]]
path = "/hook/"
isolation = "off"
csrf = { mode = "dangerous_off" }
"#;

/// HAProxy takes the chain and the key from one file.
fn both(directory: &Path, issued: &Issued) -> PathBuf {
    let file = directory.join("both.pem");
    fs::write(&file, fs::read_to_string(&issued.chain).unwrap() + &fs::read_to_string(&issued.key).unwrap()).unwrap();
    file
}

fn arguments<'a>(kind: Kind, config: &'a Path, both: &'a Path) -> Vec<&'a str> {
    let mut arguments = vec![kind.name, "--config", config.to_str().unwrap()];
    if kind.name == "haproxy" {
        arguments.extend(["--certificate", both.to_str().unwrap()]);
    }
    arguments
}

fn wall(directory: &Path, _: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["serve", "--config"]).arg(directory.join("bartizan.toml"));
    command
}

/// One process alone: it ends with the test.
fn nginx(directory: &Path, exported: &Path) -> Command {
    let here = directory.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {here}/{name};\n"))
        .collect();
    let text = format!(
        "daemon off;\nmaster_process off;\npid {here}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n\
         {temporary}include {};\n}}\n",
        exported.display()
    );
    let main = directory.join("nginx.conf");
    fs::write(&main, text).unwrap();
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-p").arg(directory).arg("-c").arg(main).args(["-e", "stderr"]);
    command
}

/// As above: `-X` is one process that stays.
fn apache(directory: &Path, exported: &Path) -> Command {
    let here = directory.display();
    let modules: String = APACHE_MODULES
        .iter()
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
        .collect();
    let config = fs::read_to_string(directory.join("bartizan.toml")).unwrap();
    let ports: String = config
        .lines()
        .filter_map(|line| line.strip_prefix("listen")?.split('"').nth(1))
        .map(|address| format!("Listen {address}\n"))
        .collect();
    let text = format!(
        "ServerRoot {here}\nDefaultRuntimeDir {here}\nPidFile {here}/pid\nErrorLog {here}/error.log\n\
         ServerName localhost\nMutex file:{here}\n{modules}User www-data\nGroup www-data\n{ports}Include {}\n",
        exported.display()
    );
    let main = directory.join("apache.conf");
    fs::write(&main, text).unwrap();
    let mut command = Command::new("/usr/sbin/apache2");
    command.args(["-X", "-f"]).arg(main);
    command
}

/// What a2enmod is told at the head of the file, and what Debian has on anyway.
const APACHE_MODULES: [&str; 10] =
    ["mpm_event", "authz_core", "setenvif", "headers", "http2", "proxy", "proxy_http", "reqtimeout", "rewrite", "ssl"];

fn caddy(directory: &Path, exported: &Path) -> Command {
    let mut command = Command::new("/usr/bin/caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(exported);
    command.env("CADDY_ADMIN", format!("127.0.0.1:{}", free_port()));
    command.env("HOME", directory).env("XDG_DATA_HOME", directory).env("XDG_CONFIG_HOME", directory);
    command
}

fn haproxy(directory: &Path, exported: &Path) -> Command {
    let main = directory.join("haproxy.cfg");
    fs::write(&main, format!("global\n    log stderr local0 warning\n{}", fs::read_to_string(exported).unwrap()))
        .unwrap();
    let mut command = Command::new("/usr/sbin/haproxy");
    command.args(["-db", "-f"]).arg(main);
    command
}
