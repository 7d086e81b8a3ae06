//! One site as a target sees it: its resolved policy, and what no other program does.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use bartizan_headers::HostPattern;
use bartizan_proxy::config::{
    Certificate, CsrfMode, EncodedSlashes, Policy, ProxyProtocol, Redirect, Server, Site, TlsPlan, UpstreamAddress,
    WafMode,
};

use super::routes::{Route, note_rest, routes};
use super::sent::{Sent, note_losses, sent};
use super::targets::Target;
use super::version::Version;
use super::written::Written;
use super::{Told, Wanted};
use crate::config::{Choices as _, Loaded, ProfileName};

/// One site for one target.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// The program it is for.
    pub(super) target: Target,
    /// The version of that program.
    pub(super) version: Version,
    /// What this target alone is told.
    pub(super) told: Told<'a>,
    /// Settings of the process.
    pub(super) server: &'a Server,
    /// The site.
    pub(super) site: &'a Site,
    /// The site's own policy.
    pub(super) policy: &'a Policy,
    /// The profile that the policy began as.
    pub(super) profile: ProfileName,
    /// The security headers.
    pub(super) headers: Vec<Sent>,
    /// The routes, longest first.
    pub(super) routes: Vec<Route>,
    /// The certificate, and where it was written; else a place is assumed.
    pub(super) certificate: Files,
}

/// Where certificate and key lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Files {
    /// The chain.
    pub(super) chain: PathBuf,
    /// The key; nothing where the chain's file holds it.
    pub(super) key: Option<PathBuf>,
    /// An OCSP response to staple.
    pub(super) ocsp: Option<PathBuf>,
    /// Whether nobody said so.
    pub(super) is_assumed: bool,
}

/// Why there is nothing to write.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unplanned {
    /// The site answers to any name.
    #[error("name the hosts of the site: other programs need them, too (--host)")]
    Nameless,
    /// The file has several sites.
    #[error("the file has several sites; name one: --site {0}")]
    Several(String),
    /// No site has that name.
    #[error("there is no site {0}; there are {1}")]
    Unknown(String, String),
    /// A text could end a line.
    #[error("{0} holds a control character")]
    Steers(&'static str),
}

impl<'a> Plan<'a> {
    /// Chooses the site, and says what a target needs to know of it.
    pub(super) fn new(
        loaded: &'a Loaded,
        wanted: &'a Wanted,
        target: Target,
        version: Version,
        told: Told<'a>,
    ) -> Result<Self, Unplanned> {
        let sites = &loaded.config.sites;
        let names = || sites.iter().map(Site::name).collect::<Vec<_>>().join(", ");
        let index = match &wanted.site {
            Some(name) => sites
                .iter()
                .position(|site| site.hosts.iter().any(|host| host.to_string() == *name))
                .ok_or_else(|| Unplanned::Unknown(name.clone(), names()))?,
            None if sites.len() > 1 => return Err(Unplanned::Several(names().replace(", ", " or --site "))),
            None => 0,
        };
        let Some(site) = sites.get(index).filter(|site| !site.hosts.is_empty()) else {
            return Err(Unplanned::Nameless);
        };
        let profile = loaded.profiles.get(index).and_then(|all| all.first()).copied().unwrap_or_default();
        let certificate = files(site, wanted);
        let plan = Self {
            target,
            version,
            told,
            server: &loaded.config.server,
            site,
            policy: &site.policy,
            profile,
            headers: sent(&site.policy.headers),
            routes: routes(site),
            certificate,
        };
        plan.check()?;
        Ok(plan)
    }

    /// Nothing that is written may end a line, whatever a target's quotes are worth.
    fn check(&self) -> Result<(), Unplanned> {
        let steers = |text: &str| text.contains(|c: char| c.is_control());
        let is_bad = |path: &Path| path.to_str().is_none_or(steers);
        let mut paths = vec![&self.certificate.chain];
        paths.extend(self.certificate.key.as_ref().into_iter().chain(&self.certificate.ocsp));
        paths.extend(self.site.upstream.tls.authorities.as_ref());
        paths.extend(self.tls().client_certificates.as_ref().map(|client| &client.authorities));
        paths.extend(self.site.upstream.addresses.iter().filter_map(|address| match address {
            UpstreamAddress::Unix(path) => Some(path),
            UpstreamAddress::Tcp { .. } => None,
        }));
        if paths.into_iter().any(|path| is_bad(path)) {
            return Err(Unplanned::Steers("the path of a file"));
        }
        let told = [self.told.settings.unwrap_or_default(), self.told.exec, self.told.image];
        if told.into_iter().any(steers) { Err(Unplanned::Steers("an option")) } else { Ok(()) }
    }

    /// Returns the lines at the head of the file.
    pub(super) fn heading(&self) -> Vec<String> {
        let names: Vec<_> = self.site.hosts.iter().map(ToString::to_string).collect();
        vec![
            format!(
                "{} for {} {}: profile {}, written by `bartizan export`, version {}.",
                names.join(" "),
                self.target.name,
                self.version,
                self.profile.word(),
                env!("CARGO_PKG_VERSION"),
            ),
            self.target.place.to_owned(),
        ]
    }

    /// Returns the TLS settings of the site.
    pub(super) fn tls(&self) -> &TlsPlan {
        self.site.tls.as_ref().unwrap_or(&self.server.tls)
    }

    /// Returns the port of visitors' addresses.
    pub(super) fn port(&self) -> u16 {
        let first = self.server.listen.first().map_or(443, SocketAddr::port);
        self.site.https.port.unwrap_or(first)
    }

    /// Returns the authority of a host with the port of visitors' addresses, where it is not the usual one.
    pub(super) fn authority(&self, host: &str) -> String {
        match self.port() {
            443 => host.to_owned(),
            port => format!("{host}:{port}"),
        }
    }

    /// Returns the authority that visitors are led to, if there is one alone.
    pub(super) fn canonical(&self) -> Option<String> {
        match (&self.site.https.canonical_host, self.site.hosts.as_slice()) {
            (Some(host), _) if host.port.is_some() => Some(host.to_string()),
            (Some(host), _) => Some(self.authority(&written(host.host.as_str()))),
            (None, [host]) => host.exact().map(|host| self.authority(&written(host.as_str()))),
            (None, _) => None,
        }
    }

    /// Returns names made of the site's own for what a target has to name.
    pub(super) fn identifier(&self) -> String {
        let name = self.site.hosts.first().map_or_else(String::new, ToString::to_string);
        // Sites that differ must differ here: one dot is one underscore, one hyphen two.
        name.chars().fold(String::new(), |mut made, c| {
            match c {
                '.' => made.push('_'),
                '-' => made.push_str("__"),
                '*' => made.push_str("any"),
                c if c.is_ascii_alphanumeric() => made.push(c),
                _ => made.push('x'),
            }
            made
        })
    }

    /// Says what no proxy but the wall itself does.
    pub(super) fn note_what_only_the_wall_does(&self, out: &mut Written) {
        let (site, policy) = (self.site, self.policy);
        note_losses(&policy.headers, &self.headers, out);
        if policy.cookies.prefix {
            out.note(
                "session cookies keep their names: renaming them to __Host- needs to learn which prefixes are the app's \
                 own",
            );
        }
        if policy.errors.debug_pages {
            out.note("debug pages and stack traces under other statuses than those replaced are not recognised");
        }
        if policy.errors.listings {
            out.note("generated directory listings are not recognised");
        }
        if !policy.errors.files.is_empty() {
            out.note("error pages of your own (errors.files)");
        }
        if policy.waf.as_ref().is_some_and(|waf| waf.mode != WafMode::Off) {
            out.note("the web application firewall");
        }
        if policy.csrf.mode != CsrfMode::DangerousOff && policy.csrf.trusted_origins.iter().any(|o| o.tuple().is_none())
        {
            out.note("the trusted origin `null`, which is everyone's");
        }
        if site.encoded_slashes == EncodedSlashes::Decode {
            out.note("encoded slashes are not decoded: the app sees them as sent");
        }
        note_rest(site, out);
        for upload in &site.uploads {
            out.note(format!("uploads below {} on {}", upload.path, upload.host));
        }
        for path in &site.health_paths {
            out.note(format!("the health path {path} answers to known hosts only"));
        }
        if site.upstream.oauth2.is_some() {
            out.note("OAuth2 client credentials towards the app");
        }
        if site.upstream.tls.identity.is_some() {
            out.note("our client certificate towards the app");
        }
        if policy.concurrency.is_some() {
            out.note("the bound on requests that run at once (concurrency)");
        }
        if site.https.redirect == Redirect::DangerousPlainHttp {
            out.note("dangerous_plain_http: plain HTTP is redirected here");
        }
        if !site.https.ssl_proxy_headers.is_empty() {
            out.note("ssl_proxy_headers: TLS ends here");
        }
        if self.server.proxy_protocol == ProxyProtocol::Required && self.server.trusted_proxies.is_empty() {
            out.note("the PROXY protocol without trusted proxies");
        }
        out.note("a trace of each request (traceparent) is not begun");
    }
}

fn files(site: &Site, wanted: &Wanted) -> Files {
    let own = match &site.certificate {
        Certificate::Files { chain, key, ocsp } => {
            Some(Files { chain: chain.clone(), key: Some(key.clone()), ocsp: ocsp.clone(), is_assumed: false })
        }
        Certificate::Local => None,
    };
    match &wanted.certificate {
        Some(chain) => Files { chain: chain.clone(), key: wanted.key.clone(), ocsp: None, is_assumed: false },
        None => own.unwrap_or_else(|| {
            // Where certbot puts them.
            let name = site.hosts.first().map_or_else(String::new, |host| name(host).to_owned());
            let folder = Path::new("/etc/letsencrypt/live").join(name);
            Files {
                chain: folder.join("fullchain.pem"),
                key: Some(folder.join("privkey.pem")),
                ocsp: None,
                is_assumed: true,
            }
        }),
    }
}

/// Returns the name of a pattern without its star.
pub(super) fn name(host: &HostPattern) -> &str {
    host.exact().or(host.below()).map_or("", |host| host.as_str())
}

/// Returns a host as it stands in an address: an IPv6 literal in brackets.
pub(super) fn written(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() }
}

/// Returns an address to listen on, as most programs write it: the port alone for every IPv4 address.
pub(super) fn socket(address: SocketAddr, all: &str) -> String {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => format!("{all}{}", v4.port()),
        _ => address.to_string(),
    }
}
