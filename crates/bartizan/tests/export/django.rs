//! A project under the exported settings: Django's own check, ours, and what it sends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bartizan_testkit::outside_program;

use crate::audited::{audit, open};
use crate::command::{PROFILES, export_to};

/// What our audit finds and stays, as `(profile, rule, reason)`.
static EXCEPTIONS: &[(&str, &str, &str)] = &[];

/// The environments of the tests: the version exported for, what the audit is told, and the folder below `target/`.
static VERSIONS: [(&str, &[&str], &str); 3] = [
    ("5.2", &["--django-version", "5.2"], "test-venv"),
    ("5.2+csp4", &["--django-version", "5.2", "--django-csp", "4"], "test-venv"),
    ("6.1", &["--django-version", "6.1"], "test-venv-next"),
];

#[test]
fn the_checks_of_deployment_are_clean() {
    for (version, told, environment) in VERSIONS {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
        let python = outside_program(&target.join(environment).join("bin/python"));
        for profile in PROFILES {
            let project = project(version, profile);
            if let Some(python) = &python {
                check(python, project.path(), version, profile);
                answers(python, project.path(), version, profile);
            }
            let arguments = [told, &["--settings", "hardened"]].concat();
            let report = audit(project.path().to_str().unwrap(), &arguments);
            for finding in open(&report) {
                let id = finding["id"].as_str().unwrap();
                let is_excepted = EXCEPTIONS.iter().any(|(when, rule, _)| *when == profile && *rule == id);
                assert!(is_excepted, "{version} {profile}: {finding:#}");
            }
        }
    }
}

/// A project as `startproject` leaves it, and the exported settings over it.
fn project(version: &str, profile: &str) -> tempfile::TempDir {
    let project = tempfile::tempdir().unwrap();
    let folder = project.path();
    fs::write(folder.join("base.py"), BASE).unwrap();
    fs::write(folder.join("urls.py"), URLS).unwrap();
    fs::write(folder.join("manage.py"), MANAGE).unwrap();
    let file = folder.join("hardened.py");
    let site = ["django", "--host", "app.example", "--host", "*.sub.example", "--profile", profile];
    export_to(&file, &[&site[..], &["--for-version", version, "--settings", "base"]].concat());
    project
}

fn run(python: &PathBuf, folder: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(python);
    command.args(arguments).current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("DJANGO_SETTINGS_MODULE", "hardened").output().unwrap()
}

fn check(python: &PathBuf, folder: &Path, version: &str, profile: &str) {
    let checked = run(python, folder, &["manage.py", "check", "--deploy", "--fail-level", "INFO"]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned() + &String::from_utf8_lossy(&checked.stdout);
    assert!(checked.status.success(), "{version} {profile}: {said}");
    assert!(said.contains("System check identified no issues"), "{version} {profile}: {said}");
}

/// What the project answers to a request that a proxy passed on.
fn answers(python: &PathBuf, folder: &Path, version: &str, profile: &str) {
    let asked = run(python, folder, &["-c", ASK]);
    let said = String::from_utf8_lossy(&asked.stdout).into_owned();
    assert!(asked.status.success(), "{version} {profile}: {}", String::from_utf8_lossy(&asked.stderr));
    let header = |name: &str| said.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    assert!(said.starts_with("200\n"), "{said}");
    let strict = profile == "strict";
    let hsts = header("Strict-Transport-Security").unwrap();
    assert_eq!(hsts.contains("includeSubDomains"), strict, "{hsts}");
    if profile != "compatible" {
        let session = said.lines().find(|line| line.contains("sessionid=")).unwrap();
        assert!(session.contains("__Host-sessionid=") && session.contains("SameSite=Lax"), "{session}");
        assert_eq!(header("X-Frame-Options"), Some(if strict { "DENY" } else { "SAMEORIGIN" }));
        let policy = header("Content-Security-Policy").unwrap_or_default();
        assert_eq!(policy.contains("base-uri"), version != "5.2", "{version} {profile}: {said}");
    }
    assert!(said.contains("\nunknown 400\n") && said.contains("\nplain 301\n"), "{said}");
}

const BASE: &str = r#"
SECRET_KEY = "n0t-a-real-key-" + "9fV2kQ7sXw4bLr8TzYh3JmPd6CgEa1Uo5Ni"
DEBUG = True
ALLOWED_HOSTS = []
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.security.SecurityMiddleware",
]
ROOT_URLCONF = "urls"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
DATABASES = {}
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"#;

const URLS: &str = r#"
from django.http import HttpResponse
from django.urls import path


def front(request):
    request.session["seen"] = True
    return HttpResponse("hello")


urlpatterns = [path("", front)]
"#;

const MANAGE: &str = r#"
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hardened")
execute_from_command_line(sys.argv)
"#;

const ASK: &str = r#"
import django
django.setup()
from django.test import Client
client = Client()
answer = client.get("/", HTTP_HOST="app.example", HTTP_X_FORWARDED_PROTO="https")
print(answer.status_code)
for name, value in answer.headers.items():
    print(f"{name}: {value}")
for cookie in answer.cookies.values():
    print(cookie.output())
print("unknown", client.get("/", HTTP_HOST="evil.example", HTTP_X_FORWARDED_PROTO="https").status_code)
print("plain", client.get("/", HTTP_HOST="app.example").status_code)
"#;
