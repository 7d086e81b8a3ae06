//! The two collectors, each as its makers would run it, on one core and with a SQLite file.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::super::server::{Server, free_address};
use crate::process;
use crate::project::Project;

/// Who takes the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contestant {
    /// The system to surpass, in gunicorn.
    DjangoLookout,
    /// Ours, alone and without a wall.
    Bartizan,
}

/// What contestants run on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) folder: &'a Path,
    pub(super) bartizan: &'a Path,
    /// The environment of the peer.
    pub(super) python: &'a Path,
}

impl Contestant {
    pub(super) const ALL: [Self; 2] = [Self::DjangoLookout, Self::Bartizan];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DjangoLookout => "django-lookout",
            Self::Bartizan => "bartizan",
        }
    }

    /// Where it takes reports.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::DjangoLookout => "/",
            Self::Bartizan => "/reports/site.example/1",
        }
    }

    /// Starts it with an empty store; returns where it listens, and where its metrics are.
    pub(super) fn start(self, ground: Ground<'_>) -> Result<(Server, SocketAddr, Option<SocketAddr>)> {
        let (address, log) = (free_address()?, ground.folder.join("log"));
        let store = ground.folder.join(format!("{}.sqlite", self.name()));
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(format!("{}{ending}", store.display()));
        }
        let (listen, store_text) = (address.to_string(), store.display().to_string());
        let (mut server, admin) = match self {
            Self::Bartizan => {
                let admin = free_address()?;
                let admin_text = admin.to_string();
                let mut arguments =
                    vec!["reports", "serve", "--listen", &listen, "--admin", &admin_text, "--store", &store_text];
                // Ours alone is flooded, and a flood has many senders.
                arguments.extend(["--trusted-proxy", "127.0.0.1"]);
                (Server::start(ground.bartizan, &arguments, &log)?, Some(admin))
            }
            Self::DjangoLookout => {
                let app = ground.folder.join("lookout_app.py");
                std::fs::write(&app, APP.replace("{store}", &store_text))?;
                process::run(Command::new(ground.python.join("bin/python")).arg(&app))?;
                let folder = ground.folder.display().to_string();
                let arguments = ["--workers=1", "--chdir", &folder, "--bind", &listen, "lookout_app:application"];
                (Server::start(&ground.python.join("bin/gunicorn"), &arguments, &log)?, None)
            }
        };
        server.wait_until_ready(address, &log)?;
        Ok((server, address, admin))
    }
}

/// Makes the peer's environment, unless it is there: it needs a Django that no test of ours wants.
pub(super) fn environment(project: &Project) -> Result<PathBuf> {
    let folder = project.root.join("target/bench-lookout");
    let list = folder.join("packages");
    let wanted = PACKAGES.join("\n");
    if std::fs::read_to_string(&list).is_ok_and(|there| there == wanted) {
        return Ok(folder);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    process::run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES))?;
    std::fs::write(&list, wanted)?;
    Ok(folder)
}

/// Asks for one metric.
pub(super) fn metric(admin: SocketAddr, name: &str) -> Result<u64> {
    let mut stream = TcpStream::connect_timeout(&admin, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    ensure!(text.starts_with("HTTP/1.1 200"), "no metrics: {text}");
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(value.with_context(|| format!("no {name} in the metrics"))?.trim().parse()?)
}

/// The last Django that it works with, and what both need on this Python.
const PACKAGES: &[&str] = &["Django==2.2.28", "Django-Lookout==0.1.2", "gunicorn==23.0.0", "setuptools==65.5.0"];

const PATIENCE: Duration = Duration::from_secs(5);

/// A project in one file; run by itself it makes the tables.
const APP: &str = r#""""Django Lookout alone."""
import django
from django.conf import settings

settings.configure(
    DEBUG=False, SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_I18N=False, USE_TZ=True,
    INSTALLED_APPS=["lookout"], MIDDLEWARE=[], LOGGING_CONFIG=None,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "{store}"}},
)
django.setup()

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

urlpatterns = [path("", include("lookout.urls"))]
application = get_wsgi_application()

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
"#;
