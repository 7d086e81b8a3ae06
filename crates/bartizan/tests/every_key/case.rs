//! One value of one key: the configuration around it, and the wall that it makes.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use bartizan::config::{Environment, Overrides, from_text};
use bartizan_proxy::serve::{self, Running};
use bartizan_testkit::{Program, RecordingUpstream, Reply};
use tempfile::TempDir;

use super::fixture::Fixture;
use super::settings::Settings;
use super::started;

/// One value of one key.
pub(crate) struct Case<'a> {
    pub(crate) fixture: &'a Fixture,
    settings: Settings,
    key: String,
}

impl<'a> Case<'a> {
    /// Puts a key with a value among the others that its exchange needs.
    pub(crate) fn new(fixture: &'a Fixture, also: &[(String, &'static str)], key: &str, value: &str) -> Self {
        let mut settings = Settings::default();
        for (key, value) in BASE {
            settings.set(key, value);
        }
        for (key, value) in also {
            settings.set(key, value);
        }
        settings.set(key, value);
        Self { fixture, settings, key: key.to_owned() }
    }

    /// Returns the file; `{one}` and `{two}` stand for the addresses of the apps.
    fn text(&self, apps: &[String], more: &[(&str, &str)]) -> String {
        let mut settings = self.settings.clone();
        for (key, value) in more.iter().filter(|(key, _)| *key != self.key) {
            settings.set(key, value);
        }
        if !settings.has("site[].upstream") {
            settings.set("site[].upstream", &format!("{apps:?}"));
        }
        let names = ["{one}", "{two}"].into_iter().zip(apps);
        let text = names.fold(settings.text(), |text, (name, url)| text.replace(name, url));
        self.fixture.fill(&text)
    }

    /// Starts a wall in this process, or says why it does not start.
    pub(crate) fn try_start(&self, apps: &[String]) -> Result<Running, String> {
        let text = self.text(apps, &[]);
        let variables = [("SECRET_ONE", "first"), ("SECRET_TWO", "second")];
        let variables: BTreeMap<_, _> =
            variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let environment = Environment { variables, is_root: true };
        let folder = self.fixture.path("state");
        let loaded = from_text(&text, "test.toml", folder, &environment, &Overrides::default());
        let loaded = loaded
            .map_err(|report| report.problems.iter().map(|problem| format!("{problem:?}\n")).collect::<String>())?;
        serve::start(&loaded.config).map_err(|error| format!("{error:?}"))
    }

    /// Returns the effective configuration as the program shows it.
    pub(crate) fn shown(&self) -> String {
        let variables = BTreeMap::from([("SECRET_ONE".to_owned(), "first".to_owned())]);
        let environment = Environment { variables, is_root: true };
        let text = self.text(&["http://127.0.0.1:1".to_owned()], &[]);
        let folder = self.fixture.path("state");
        let loaded = from_text(&text, "test.toml", folder, &environment, &Overrides::default());
        loaded.map_or_else(|_| "refused".to_owned(), |loaded| bartizan::config::show(&loaded))
    }

    /// Starts a wall in this process.
    pub(crate) fn start(&self, apps: &[&RecordingUpstream]) -> Running {
        let apps: Vec<_> = apps.iter().map(|app| app.url()).collect();
        self.start_at(&apps)
    }

    /// As [`Self::start`], with addresses of apps of any kind.
    pub(crate) fn start_at(&self, apps: &[String]) -> Running {
        self.try_start(apps).unwrap_or_else(|problem| panic!("{}: {problem}\n{}", self.key, self.text(apps, &[])))
    }

    /// Starts the program itself; returns where it listens, too.
    pub(crate) fn program(&self, app: &RecordingUpstream) -> (Program, SocketAddr) {
        let (folder, place) = (TempDir::new().unwrap(), started::place());
        let (file, listen) = (folder.path().join("wall.toml"), format!("[\"{place}\"]"));
        let more = [("server.listen", listen.as_str()), ("server.listen_http", "[]")];
        fs::write(&file, self.text(&[app.url()], &more)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        command.args(["serve".as_ref(), "--config".as_ref(), file.as_os_str()]);
        (started::start(&mut command, folder, place), place)
    }

    /// As [`Self::program`], with names in the file replaced and its folder made ready.
    pub(crate) fn program_with(
        &self,
        app: &RecordingUpstream,
        names: &[(&str, String)],
        prepare: fn(&Path),
    ) -> (Program, SocketAddr) {
        let (folder, place) = (TempDir::new().unwrap(), started::place());
        let (file, listen) = (folder.path().join("wall.toml"), format!("[\"{place}\"]"));
        let more = [("server.listen", listen.as_str()), ("server.listen_http", "[]")];
        let text = self.text(&[app.url()], &more);
        fs::write(&file, names.iter().fold(text, |text, (name, value)| text.replace(name, value))).unwrap();
        prepare(folder.path());
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        command.args(["serve".as_ref(), "--config".as_ref(), file.as_os_str()]);
        (started::start(&mut command, folder, place), place)
    }

    /// Returns the file with names in it replaced.
    pub(crate) fn filled(&self, names: &[(&str, String)]) -> String {
        let text = self.text(&["http://127.0.0.1:1".to_owned()], &[]);
        names.iter().fold(text, |text, (name, value)| text.replace(name, value))
    }

    /// Returns an app that answers every request with a page and two cookies.
    pub(crate) fn app() -> RecordingUpstream {
        RecordingUpstream::start(|_| Reply::with(PAGE_HEAD, "hello"))
    }

    /// Leaves the certificate of the site to the local authority.
    pub(crate) fn without_certificate(&self) -> Self {
        let mut settings = self.settings.clone();
        settings.set("site[].certificate.chain", "");
        settings.set("site[].certificate.key", "");
        Self { fixture: self.fixture, settings, key: self.key.clone() }
    }
}

const PAGE_HEAD: &str = "Content-Type: text/html\r\nSet-Cookie: sessionid=1; Path=/\r\nSet-Cookie: mine=1; Path=/\r\n\
     Server: app\r\nX-Powered-By: app\r\n";

/// What every wall here is made of, unless a key says otherwise.
const BASE: &[(&str, &str)] = &[
    ("server.listen", "[\"127.0.0.1:0\"]"),
    ("server.listen_http", "[\"127.0.0.1:0\"]"),
    ("server.admin", "\"none\""),
    ("server.workers", "1"),
    ("server.state_dir", "\"@state\""),
    ("server.log.access", "\"off\""),
    ("site[].hosts", "[\"app.example\", \"www.app.example\", \"files.app.example\"]"),
    ("site[].certificate.chain", "\"@chain_one\""),
    ("site[].certificate.key", "\"@key_one\""),
    // Its rules take a while to load, and no other key needs them.
    ("site[].waf.mode", "\"off\""),
];
