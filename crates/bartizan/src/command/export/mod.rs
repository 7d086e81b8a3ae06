//! `bartizan export`: the same policy for people who keep their own proxy, framework or service manager.
//!
//! Every value comes from the resolved policy of a site; a target only knows how its program says it. What it cannot say
//! stands at the head of what is written, and on standard error.

mod apache;
mod caddy;
mod compose;
mod django;
mod haproxy;
mod nginx;
mod patterns;
mod plan;
mod routes;
mod sent;
mod systemd;
mod targets;
mod version;
mod written;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use bartizan_headers::HostPattern;
use bartizan_proxy::config::UpstreamAddress;
use clap::{Args, Subcommand, ValueEnum};

use self::plan::{Plan, Unplanned};
use self::targets::{TARGETS, Target};
use self::version::Version;
use self::written::Written;
use super::load_or_show;
use crate::cli::{choice, word};
use crate::config::{Environment, Overrides, ProfileName};
use crate::exit_code::Outcome;
use crate::output;
use crate::output::visible::visible;

/// `bartizan export`.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// For nginx: maps and server blocks for conf.d
    #[command(after_help = EXAMPLES)]
    Nginx(Wanted),
    /// For Apache: virtual hosts for sites-available
    #[command(after_help = EXAMPLES)]
    Apache(Wanted),
    /// For Caddy: a Caddyfile
    #[command(after_help = EXAMPLES)]
    Caddy(Wanted),
    /// For HAProxy: a frontend and a backend
    #[command(after_help = EXAMPLES)]
    Haproxy(Wanted),
    /// For Django: settings over those of the project
    Django(Django),
    /// For systemd: a confined unit for the app, or for the wall before it
    Systemd(Systemd),
    /// For Docker Compose: the app with the wall before it
    DockerCompose(Compose),
}

/// What is exported, and where it goes.
#[derive(Debug, Args)]
pub struct Wanted {
    /// The configuration file; without one, the options below are the site.
    #[arg(long, value_name = "FILE", env = "BARTIZAN_CONFIG")]
    pub config: Option<PathBuf>,
    /// The site of the file, by one of its hosts, where it has several.
    #[arg(long, value_name = "NAME", requires = "config")]
    pub site: Option<String>,
    /// A name of the site, such as app.example or *.app.example; may be given again.
    #[arg(long, value_name = "HOST", value_parser = word::<HostPattern>)]
    pub host: Vec<HostPattern>,
    /// An address of the app [default: http://127.0.0.1:8000]; may be given again.
    #[arg(long, value_name = "URL", value_parser = word::<UpstreamAddress>)]
    pub upstream: Vec<UpstreamAddress>,
    /// The set of defaults: compatible, balanced or strict.
    #[arg(long, value_parser = choice::<ProfileName>)]
    pub profile: Option<ProfileName>,
    /// The certificate chain, as the other program will find it.
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// The key of the certificate, as the other program will find it.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
    /// The version of the program that will read it, such as 1.22; else that of Debian 12.
    #[arg(long, value_name = "VERSION")]
    pub for_version: Option<Version>,
    /// Where to write; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `bartizan export django`.
#[derive(Debug, Args)]
#[command(after_help = "5.2+csp4 and 6.1 send a policy for content as well: by django-csp 4, and by Django itself.")]
pub struct Django {
    /// What every target takes.
    #[command(flatten)]
    pub wanted: Wanted,
    /// The settings module that is laid under, such as app.settings; without it, what is written ends that module.
    #[arg(long, value_name = "MODULE")]
    pub settings: Option<String>,
}

/// `bartizan export systemd`.
#[derive(Debug, Args)]
pub struct Systemd {
    /// What every target takes.
    #[command(flatten)]
    pub wanted: Wanted,
    /// What the unit runs.
    #[arg(long, value_enum, default_value_t)]
    pub unit: Unit,
    /// The command of the app, its program by an absolute path.
    #[arg(long, value_name = "COMMAND", default_value = "/usr/local/bin/app")]
    pub exec: String,
}

/// `bartizan export docker-compose`.
#[derive(Debug, Args)]
pub struct Compose {
    /// What every target takes.
    #[command(flatten)]
    pub wanted: Wanted,
    /// The image of the app.
    #[arg(long, value_name = "IMAGE", default_value = "app:1")]
    pub image: String,
}

/// What a unit runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Unit {
    /// The app.
    #[default]
    App,
    /// Bartizan before it.
    Wall,
}

/// What single targets are told besides the site.
#[derive(Debug, Clone, Copy, Default)]
struct Told<'a> {
    settings: Option<&'a str>,
    unit: Unit,
    exec: &'a str,
    image: &'a str,
    has_file: bool,
}

impl Export {
    fn parts(&self) -> (&Wanted, Target, Told<'_>) {
        let nothing = Told::default();
        match self {
            Self::Nginx(wanted) => (wanted, TARGETS.nginx, nothing),
            Self::Apache(wanted) => (wanted, TARGETS.apache, nothing),
            Self::Caddy(wanted) => (wanted, TARGETS.caddy, nothing),
            Self::Haproxy(wanted) => (wanted, TARGETS.haproxy, nothing),
            Self::Django(it) => (&it.wanted, TARGETS.django, Told { settings: it.settings.as_deref(), ..nothing }),
            Self::Systemd(it) => (&it.wanted, TARGETS.systemd, Told { unit: it.unit, exec: &it.exec, ..nothing }),
            Self::DockerCompose(it) => (&it.wanted, TARGETS.docker_compose, Told { image: &it.image, ..nothing }),
        }
    }
}

/// Runs `bartizan export`.
pub(super) fn run(export: &Export, environment: &Environment) -> Result<Outcome> {
    let (wanted, target, mut told) = export.parts();
    told.has_file = wanted.config.is_some();
    if wanted.config.is_none() && wanted.host.is_empty() {
        output::hint("name the site: --host app.example, or a file: --config bartizan.toml");
        return Ok(Outcome::Usage);
    }
    let version = match target.version(wanted.for_version.as_ref()) {
        Ok(version) => version,
        Err(problem) => {
            output::hint(&problem);
            return Ok(Outcome::Usage);
        }
    };
    let loaded = match load_or_show(wanted.config.as_deref(), environment, &overrides(wanted)) {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let mut out = Written::new(target.syntax);
    let plan = match Plan::new(&loaded, wanted, target, version, told) {
        Ok(plan) => plan,
        Err(problem) => {
            output::hint(&visible(&problem.to_string()));
            return Ok(match problem {
                Unplanned::Nameless | Unplanned::Several(_) | Unplanned::Unknown(..) => Outcome::Usage,
                Unplanned::Steers(_) => Outcome::Problems,
            });
        }
    };
    (target.write)(&plan, &mut out);
    let text = out.text(&plan.heading());
    match &wanted.output {
        Some(path) => fs::write(path, &text).with_context(|| format!("cannot write {}", path.display()))?,
        None => anstream::stdout().write_all(text.as_bytes())?,
    }
    for note in out.notes() {
        output::hint(&format!("not carried over: {}", visible(note)));
    }
    Ok(Outcome::Fine)
}

fn overrides(wanted: &Wanted) -> Overrides {
    let mut upstreams = wanted.upstream.clone();
    if upstreams.is_empty() && wanted.config.is_none() {
        // Where frameworks listen unless told otherwise.
        upstreams.push(UpstreamAddress::Tcp { host: "127.0.0.1".to_owned(), port: 8000, tls: false });
    }
    Overrides { upstreams, hosts: wanted.host.clone(), profile: wanted.profile, ..Overrides::default() }
}

const EXAMPLES: &str = "\
bartizan export nginx --host app.example --upstream http://127.0.0.1:8000 --profile strict
bartizan export haproxy --config bartizan.toml --site app.example --output app.cfg

What the other program cannot do stands at the head of the file and on standard error.";
