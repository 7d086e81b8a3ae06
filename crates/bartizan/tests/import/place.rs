//! A folder in which the other program and ours run side by side before the same app.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bartizan_testkit::{Program, RecordingUpstream, Reply, TestCa, free_port, outside_program};
use tempfile::TempDir;

/// A program whose configuration is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Apache,
    Caddy,
    Django,
    Krakend,
    Nginx,
}

impl Kind {
    /// Returns the program itself, unless it is missing.
    pub(crate) fn program(self) -> Option<PathBuf> {
        outside_program(&match self {
            Self::Apache => PathBuf::from("/usr/sbin/apache2"),
            Self::Caddy => PathBuf::from("/usr/bin/caddy"),
            Self::Django => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-venv/bin/python"),
            Self::Krakend => PathBuf::from("/usr/bin/krakend"),
            Self::Nginx => PathBuf::from("/usr/sbin/nginx"),
        })
    }

    const fn file(self) -> &'static str {
        match self {
            Self::Apache => "httpd.conf",
            Self::Caddy => "Caddyfile",
            Self::Django => "settings.py",
            Self::Krakend => "krakend.json",
            Self::Nginx => "nginx.conf",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Apache => "apache",
            Self::Caddy => "caddy",
            Self::Django => "django",
            Self::Krakend => "krakend",
            Self::Nginx => "nginx",
        }
    }
}

/// An app, a certificate, and a folder for imports.
pub(crate) struct Place {
    app: RecordingUpstream,
    pem: String,
    _authority: TestCa,
    folder: TempDir,
}

/// Our program under what was imported.
pub(crate) struct Ours {
    pub(crate) program: Program,
    pub(crate) text: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let app = RecordingUpstream::start(|_| {
            let headers = "Content-Type: text/plain\r\nX-Powered-By: app\r\nSet-Cookie: sessionid=1; Path=/\r\n";
            Reply::with(headers, "app").close()
        });
        let authority = TestCa::new();
        let issued = authority.issue(&["a.example", "b.example", "www.a.example"]);
        let folder = TempDir::new().unwrap();
        let pem = folder.path().join("site.pem");
        fs::write(&pem, [fs::read(&issued.chain).unwrap(), fs::read(&issued.key).unwrap()].concat()).unwrap();
        Self { app, pem: pem.display().to_string(), _authority: authority, folder }
    }

    fn filled(&self, text: &str, ports: &[u16], folder: &Path) -> String {
        let port = |number: usize| ports.get(number).copied().unwrap_or_default().to_string();
        let app = self.app.url();
        text.replace("{tls}", &port(0))
            .replace("{plain}", &port(1))
            .replace("{app}", app.trim_start_matches("http://"))
            .replace("{pem}", &self.pem)
            .replace("{dir}", &folder.display().to_string())
    }

    /// Starts the other program.
    pub(crate) fn theirs(&self, kind: Kind, program: &Path, text: &str) -> Program {
        let folder = TempDir::new().unwrap();
        let ports = [free_port(), free_port()];
        let file = folder.path().join(kind.file());
        let text = format!("{}{text}", before(kind));
        fs::write(&file, self.filled(&text, &ports, folder.path())).unwrap();
        let mut command = Command::new(program);
        match kind {
            Kind::Apache => command.args(["-X", "-f"]).arg(&file),
            Kind::Caddy => {
                command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file).env("HOME", folder.path())
            }
            Kind::Django | Kind::Krakend => return self.django(program, folder, ports),
            Kind::Nginx => {
                command.arg("-p").arg(folder.path()).arg("-e").arg(folder.path().join("error")).arg("-c").arg(&file)
            }
        };
        Program::start(&mut command, folder, ports.into())
    }

    /// Django does not speak TLS itself: both ports speak HTTP to it through ours, which adds nothing.
    fn django(&self, python: &Path, folder: TempDir, ports: [u16; 2]) -> Program {
        let script = include_str!("django_server.py");
        fs::write(folder.path().join("server.py"), script).unwrap();
        let mut command = Command::new(python);
        command.args(["server.py", &ports[0].to_string(), &ports[1].to_string(), &self.pem]);
        Program::start(&mut command, folder, ports.into())
    }

    /// Imports a configuration, as a person would.
    pub(crate) fn import(&self, kind: Kind, text: &str) -> Output {
        let file = self.folder.path().join(kind.file());
        fs::write(&file, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        command.args(["import", kind.word()]).arg(&file).env("NO_COLOR", "1");
        if kind == Kind::Django {
            command.args(["--upstream", &self.app.url()]);
        }
        command.output().unwrap()
    }

    /// Returns what was imported, and what was said of it.
    pub(crate) fn imported(&self, kind: Kind, text: &str) -> (String, String) {
        let output = self.import(kind, text);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        (String::from_utf8(output.stdout).unwrap(), said)
    }

    /// Whether `config check` takes a file.
    pub(crate) fn is_taken(&self, text: &str) {
        let file = self.folder.path().join("checked.toml");
        fs::write(&file, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        let output = command.args(["config", "check"]).arg(&file).output().unwrap();
        assert!(output.status.success(), "{}{text}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts our program under what was imported.
    pub(crate) fn ours(&self, kind: Kind, text: &str) -> Ours {
        let mut imported = String::new();
        let program = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, folder| {
            let (toml, _) =
                self.imported(kind, &self.filled(&format!("{}{text}", before(kind)), ports, self.folder.path()));
            self.is_taken(&toml);
            imported = local(&toml, ports, folder);
            imported.clone()
        });
        Ours { program, text: imported }
    }
}

/// Puts what a test must choose itself into the place of what was imported.
fn local(text: &str, ports: &[u16], folder: &Path) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.split(" = ").next() {
            Some("listen") => lines.push(format!("listen = [\"127.0.0.1:{}\"]", ports[0])),
            Some("listen_http") => {
                lines.push(format!("listen_http = [\"127.0.0.1:{}\"]", ports[1]));
                lines.push(format!("admin = \"none\"\nworkers = 1\nstate_dir = {folder:?}"));
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

/// What a program needs to run in a folder of its own.
const fn before(kind: Kind) -> &'static str {
    match kind {
        Kind::Apache => APACHE,
        Kind::Caddy => "{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {tls}\n}\n",
        Kind::Django => DJANGO,
        Kind::Krakend => "",
        Kind::Nginx => "daemon off;\nuser root;\npid {dir}/pid;\nevents {}\n",
    }
}

const APACHE: &str = "\
ServerRoot {dir}\nServerName a.example\nPidFile {dir}/pid\nErrorLog {dir}/log\nUser www-data\nGroup www-data\nListen 127.0.0.1:{tls}\nListen 127.0.0.1:{plain}\n\
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n\
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\n\
LoadModule authz_host_module /usr/lib/apache2/modules/mod_authz_host.so\n\
LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so\n\
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n\
LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so\n\
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so\n\
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so\n\
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so\n\
LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so\n\
LoadModule reqtimeout_module /usr/lib/apache2/modules/mod_reqtimeout.so\n";

const DJANGO: &str = "\
SECRET_KEY = '0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij'\nROOT_URLCONF = 'server'\n\
SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\n";
