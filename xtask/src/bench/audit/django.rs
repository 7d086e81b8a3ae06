//! A Django project, judged by `manage.py check --deploy` and by `bartizan audit`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use super::super::row::{Row, median, rounded};
use super::super::{Options, Report};
use crate::project::Project;

/// Measures both in turn, run by run.
pub(super) fn run(project: &Project, options: &Options, bartizan: &Path) -> Result<Report> {
    let python = project.root.join("target/test-venv/bin/python");
    ensure!(python.exists(), "no {}: `cargo xtask setup` makes it", python.display());
    let folder = project.root.join("target/bench-audit/django");
    write(&folder)?;
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    // The first run of each finds cold caches, and is not counted.
    for run in 0..=options.runs() {
        let mut check = Command::new(&python);
        check.args(["manage.py", "check", "--deploy"]).env("DJANGO_SETTINGS_MODULE", "shop.settings.production");
        let their = milliseconds(check.current_dir(&folder))?;
        let mut audit = Command::new(bartizan);
        audit.args(["audit", "--settings", "shop.settings.production", "--env-closed", "."]);
        let our = milliseconds(audit.current_dir(&folder))?;
        if run > 0 {
            theirs.push(their);
            ours.push(our);
        }
    }
    let (their, our) = (median(&theirs).context("no run")?, median(&ours).context("no run")?);
    let row = |contestant, value: f64, peer, ratio| Row {
        workload: "django",
        contestant,
        value: rounded(value),
        unit: "ms",
        peer,
        ratio,
    };
    let rows = vec![
        row("manage.py check --deploy", their, None, None),
        row("bartizan", our, Some("manage.py check --deploy"), Some(rounded(our / their))),
    ];
    let notes =
        vec!["django: from the start of the process to its end; the audit evaluates the same settings module".into()];
    Ok(Report { base: "django", rows, notes, failures: Vec::new() })
}

/// Runs a program to its end; findings are no failure.
fn milliseconds(command: &mut Command) -> Result<f64> {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    let start = Instant::now();
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    let elapsed = start.elapsed().as_secs_f64() * 1000.0;
    ensure!(status.code().is_some_and(|code| code < 2), "{command:?} ended with {status}");
    Ok(elapsed)
}

/// Writes a project with settings in three layers.
fn write(folder: &Path) -> Result<()> {
    let settings = folder.join("shop/settings");
    fs::create_dir_all(&settings)?;
    let files = [
        (folder.join("manage.py"), MANAGE),
        (folder.join("shop/__init__.py"), ""),
        (folder.join("shop/urls.py"), "urlpatterns = []\n"),
        (settings.join("__init__.py"), ""),
        (settings.join("base.py"), BASE),
        (settings.join("production.py"), PRODUCTION),
    ];
    for (path, text) in files {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

const MANAGE: &str = "import sys\nfrom django.core.management import execute_from_command_line\n\
    execute_from_command_line(sys.argv)\n";

const BASE: &str = r#"import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DEBUG = os.environ.get("DEBUG", "False") == "True"
SECRET_KEY = os.environ.get("SECRET_KEY", "django-insecure-development")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "").split(",")
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = [f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles")]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
STATIC_URL = "static/"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
"#;

const PRODUCTION: &str = r#"from .base import *

SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_SSL_REDIRECT = not DEBUG
SESSION_COOKIE_SECURE = True
for _name in ("CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY"):
    globals()[_name] = True
if not DEBUG:
    MIDDLEWARE.insert(1, "django.middleware.clickjacking.XFrameOptionsMiddleware")
"#;
