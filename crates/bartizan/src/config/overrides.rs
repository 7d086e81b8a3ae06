//! What the command line and the environment say, laid over the file.

use std::net::SocketAddr;
use std::path::PathBuf;

use bartizan_headers::{HostPattern, Origin as WebOrigin};
use bartizan_proxy::config::{AccessLog, UpstreamAddress};

use super::environment::{ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, Environment};
use super::origins::{Origin, Origins};
use super::problem::Problem;
use super::raw::site::Site;
use super::raw::{At, Choice, File, OrNone, Word, Written};
use super::words::ProfileName;

/// The settings of the command line; what is empty was not said.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Addresses of the app.
    pub upstreams: Vec<UpstreamAddress>,
    /// Names of the site.
    pub hosts: Vec<HostPattern>,
    /// Addresses that speak TLS.
    pub listen: Vec<SocketAddr>,
    /// Addresses that speak plain HTTP.
    pub listen_http: Vec<SocketAddr>,
    /// The address of metrics and health.
    pub admin: Option<SocketAddr>,
    /// The set of defaults.
    pub profile: Option<ProfileName>,
    /// Where state lives.
    pub state_dir: Option<PathBuf>,
    /// The form of the access log.
    pub access_log: Option<AccessLog>,
}

impl Overrides {
    /// Whether something is said that belongs to one site.
    fn concerns_a_site(&self) -> bool {
        !self.upstreams.is_empty() || !self.hosts.is_empty() || self.profile.is_some()
    }
}

/// Lays the environment and then the command line over the file.
pub(crate) fn apply(
    file: &mut File,
    environment: &Environment,
    overrides: &Overrides,
    origins: &mut Origins,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    server(file, overrides, origins);
    let from_environment = environment.variable(ALLOWED_HOSTS).or(environment.variable(CSRF_TRUSTED_ORIGINS));
    if !overrides.concerns_a_site() && from_environment.is_none() {
        return problems;
    }
    let sites = file.site.get_or_insert_default();
    if sites.is_empty() && !overrides.upstreams.is_empty() {
        sites.push(At::default());
    }
    if sites.len() > 1 && overrides.concerns_a_site() {
        let message = "--upstream, --host and --profile are for a single site, and the file has several";
        problems.push(Problem::error(message).hint("write them into the file"));
        return problems;
    }
    let Some(site) = sites.first_mut() else { return problems };
    let mut whole = std::mem::take(site.get_mut());
    site_from_environment(&mut whole, environment, origins, &mut problems);
    site_from_command_line(&mut whole, overrides, origins);
    *site.get_mut() = whole;
    problems
}

fn server(file: &mut File, overrides: &Overrides, origins: &mut Origins) {
    let server = file.server.get_or_insert_default();
    let addresses = |all: &[SocketAddr]| all.iter().map(|one| At::nowhere(Written(*one))).collect();
    if !overrides.listen.is_empty() {
        server.listen = Some(addresses(&overrides.listen));
        origins.insert("server.listen", Origin::CommandLine("--listen"));
    }
    if !overrides.listen_http.is_empty() {
        server.listen_http = Some(addresses(&overrides.listen_http));
        origins.insert("server.listen_http", Origin::CommandLine("--listen-http"));
    }
    if let Some(admin) = overrides.admin {
        server.admin = Some(At::nowhere(OrNone(Some(admin))));
        origins.insert("server.admin", Origin::CommandLine("--admin"));
    }
    if let Some(folder) = &overrides.state_dir {
        server.state_dir = Some(folder.clone());
        origins.insert("server.state_dir", Origin::CommandLine("--state-dir"));
    }
    if let Some(form) = overrides.access_log {
        server.log.get_or_insert_default().access = Some(Choice(form));
        origins.insert("server.log.access", Origin::CommandLine("--log-format"));
    }
}

fn site_from_environment(
    site: &mut Site,
    environment: &Environment,
    origins: &mut Origins,
    problems: &mut Vec<Problem>,
) {
    if let Some(texts) = environment.list(ALLOWED_HOSTS) {
        site.hosts = Some(words::<HostPattern>(&texts, ALLOWED_HOSTS, problems).into_iter().map(At::nowhere).collect());
        origins.insert("site[0].hosts", Origin::Environment(ALLOWED_HOSTS));
    }
    if let Some(texts) = environment.list(CSRF_TRUSTED_ORIGINS) {
        let trusted = words::<WebOrigin>(&texts, CSRF_TRUSTED_ORIGINS, problems);
        site.csrf.get_or_insert_default().trusted_origins = Some(trusted);
        origins.insert("site[0].csrf.trusted_origins", Origin::Environment(CSRF_TRUSTED_ORIGINS));
    }
}

fn site_from_command_line(site: &mut Site, overrides: &Overrides, origins: &mut Origins) {
    if !overrides.upstreams.is_empty() {
        let upstreams = overrides.upstreams.iter().map(|one| At::nowhere(Written(one.clone())));
        site.upstream = Some(upstreams.collect());
        origins.insert("site[0].upstream", Origin::CommandLine("--upstream"));
    }
    if !overrides.hosts.is_empty() {
        site.hosts = Some(overrides.hosts.iter().map(|one| At::nowhere(Written(one.clone()))).collect());
        origins.insert("site[0].hosts", Origin::CommandLine("--host"));
    }
    if let Some(profile) = overrides.profile {
        site.profile = Some(Choice(profile));
        origins.insert("site[0].profile", Origin::CommandLine("--profile"));
    }
}

fn words<T: Word>(texts: &[&str], variable: &str, problems: &mut Vec<Problem>) -> Vec<Written<T>> {
    let mut good = Vec::new();
    for text in texts {
        match T::read(text) {
            Ok(word) => good.push(Written(word)),
            Err(reason) => problems.push(Problem::error(format!("{variable}: \"{text}\" {reason}"))),
        }
    }
    good
}
