//! A configuration made ready to serve: stages built, certificates loaded, upstreams known.
//!
//! A wall is immutable and swapped whole; exchanges that run keep the one they began with.

use std::fmt;
use std::net::IpAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use http::StatusCode;

use crate::config::{Config, Limits, Policy, RoutePlan, Server, Site};
use crate::error_page::ErrorPage;
use crate::metrics::SiteCounters;
use crate::profile::Profile;
use crate::router::Router;
use crate::shared::{Gate, Shared};
use crate::stages::order::{request_stages, response_stages, scope};
use crate::stages::{RequestStage, ResponseStage};
use crate::tls::{TlsError, TlsTable};
use crate::upstream::{Credentials, Upstream, UpstreamConfigError};
use crate::waf::{Waf, WafError};
use crate::wire::WireLimits;

/// Everything that is needed to serve.
pub(crate) struct Wall {
    pub(crate) server: Server,
    pub(crate) router: Router,
    pub(crate) sites: Vec<RunningSite>,
    /// For answers that belong to no site.
    pub(crate) nobody: RunningPolicy,
    pub(crate) nobody_counters: Arc<SiteCounters>,
    /// None where nothing listens for TLS.
    pub(crate) tls: Option<TlsTable>,
    pub(crate) wire_limits: WireLimits,
    /// The limits without that of connections per client.
    pub(crate) limits_for_proxies: Limits,
    /// What it was built from.
    pub(crate) config: Config,
}

/// A worker's own handle on the wall: counted by one thread, so that no request touches a counter that
/// the cores share.
#[derive(Debug)]
pub(crate) struct HeldWall(pub(crate) Arc<Wall>);

impl Deref for HeldWall {
    type Target = Wall;

    fn deref(&self) -> &Wall {
        &self.0
    }
}

/// One site, ready.
pub(crate) struct RunningSite {
    pub(crate) plan: Site,
    pub(crate) upstream: Arc<Upstream>,
    /// What requests to the app are sent with, where it wants to see some.
    pub(crate) credentials: Option<Credentials>,
    /// The site's own policy first, then one for each route, in the router's order.
    pub(crate) policies: Vec<RunningPolicy>,
    pub(crate) counters: Arc<SiteCounters>,
}

/// One policy, ready.
pub(crate) struct RunningPolicy {
    pub(crate) plan: Policy,
    pub(crate) request: Vec<Box<dyn RequestStage>>,
    pub(crate) response: Vec<Box<dyn ResponseStage>>,
    pub(crate) pages: ErrorPage,
    /// Bounds the requests that run at the app at once.
    pub(crate) gate: Option<Gate>,
    /// Rules over what is sent and answered.
    pub(crate) waf: Option<Waf>,
}

/// Reads an operator's own error pages.
fn pages(policy: &Policy) -> Result<ErrorPage, WallError> {
    let read = |(status, path): &(StatusCode, PathBuf)| match std::fs::read_to_string(path) {
        Ok(text) => Ok((*status, text)),
        Err(source) => Err(WallError::ErrorPage { path: path.clone(), source }),
    };
    Ok(ErrorPage::with_texts(policy.errors.files.iter().map(read).collect::<Result<Vec<_>, _>>()?))
}

/// Why a configuration cannot be served, though each of its parts was well formed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WallError {
    /// An error page of the operator's own.
    #[error("cannot read the error page {}", path.display())]
    ErrorPage {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The firewall's rules.
    #[error("the firewall of site {site}")]
    Waf {
        /// The site's first host.
        site: String,
        /// What is wrong.
        source: WafError,
    },
    /// A certificate, key or authority.
    #[error(transparent)]
    Tls(TlsError),
    /// TLS towards an app.
    #[error("site {site}")]
    Upstream {
        /// The site's first host.
        site: String,
        /// What is wrong.
        source: UpstreamConfigError,
    },
}

impl Wall {
    /// Makes a configuration ready.
    ///
    /// # Errors
    ///
    /// All that is wrong, not only the first.
    pub(crate) fn build(config: &Config, shared: &Arc<Shared>) -> Result<Self, Vec<WallError>> {
        let mut errors = Vec::new();
        let tls = if config.server.listen.is_empty() { Ok(None) } else { TlsTable::build(config).map(Some) };
        let mut sites = Vec::with_capacity(config.sites.len());
        for site in &config.sites {
            match RunningSite::build(&config.server, site, shared) {
                Ok(site) => sites.push(site),
                Err(error) => errors.push(error),
            }
        }
        // What nobody's answers carry: an unknown host must not look like another program.
        let nobody = Site { policy: Policy { waf: None, ..Profile::Balanced.policy() }, ..Site::default() };
        let nobody = RunningPolicy::build(&config.server, &nobody, None, shared);
        match (tls, nobody) {
            (Ok(tls), Ok(nobody)) if errors.is_empty() => Ok(Self {
                nobody_counters: shared.metrics.site(""),
                router: Router::new(&config.sites),
                sites,
                nobody,
                tls,
                wire_limits: WireLimits {
                    head_bytes: config.server.limits.head,
                    request_line_bytes: config.server.limits.request_line,
                    fields: config.server.limits.headers,
                    ..WireLimits::default()
                },
                limits_for_proxies: Limits { connections_per_client: None, ..config.server.limits.clone() },
                server: config.server.clone(),
                config: config.clone(),
            }),
            (tls, nobody) => {
                errors.extend(tls.err().into_iter().flatten().map(WallError::Tls));
                errors.extend(nobody.err());
                Err(errors)
            }
        }
    }

    /// Whether a peer's word on its clients is believed.
    pub(crate) fn is_trusted_proxy(&self, peer: IpAddr) -> bool {
        self.server.trusted_proxies.iter().any(|network| network.contains(&peer))
    }
}

impl RunningSite {
    fn build(server: &Server, site: &Site, shared: &Arc<Shared>) -> Result<Self, WallError> {
        let name = site.name();
        let upstream =
            Upstream::new(&site.upstream).map_err(|source| WallError::Upstream { site: name.clone(), source })?;
        let policies = std::iter::once(None)
            .chain(site.routes.iter().map(Some))
            .map(|route| RunningPolicy::build(server, site, route, shared))
            .collect::<Result<_, WallError>>()?;
        let credentials = site.upstream.oauth2.as_ref().map(Credentials::new).transpose();
        let credentials = credentials.map_err(|source| WallError::Upstream { site: name.clone(), source })?;
        let counters = shared.metrics.site(&name);
        Ok(Self { plan: site.clone(), upstream: Arc::new(upstream), credentials, policies, counters })
    }
}

impl RunningPolicy {
    fn build(server: &Server, site: &Site, route: Option<&RoutePlan>, shared: &Shared) -> Result<Self, WallError> {
        let policy = route.map_or(&site.policy, |route| &route.policy);
        let of_site = |source| WallError::Waf { site: site.name(), source };
        let waf = policy.waf.as_ref().map(|plan| Waf::build(plan, shared)).transpose().map_err(of_site)?;
        Ok(Self {
            request: request_stages(server, site, route, shared),
            response: response_stages(site, policy, shared),
            pages: pages(policy)?,
            gate: policy.concurrency.map(|most| shared.gates.gate(scope(site, route), most)),
            waf: waf.flatten(),
            plan: policy.clone(),
        })
    }
}

impl fmt::Debug for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wall").field("config", &self.config).finish_non_exhaustive()
    }
}
