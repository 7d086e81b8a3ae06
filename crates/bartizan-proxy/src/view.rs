//! What a running wall can be asked by whoever shows it: its sites, its counts, its certificates.
//!
//! Everything is a copy of the moment; nothing is changed from here.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use arc_swap::ArcSwap;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::config::Certificate;
use crate::context::{ConnectionFacts, Exchange};
use crate::head::{Maker, ResponseHead};
use crate::request_id::RequestId;
use crate::shared::Shared;
use crate::tls::CertificateFacts;
use crate::waf::ledger::Ledger;
use crate::wall::{RunningPolicy, Wall};

/// A running wall, to be asked.
#[derive(Clone)]
pub struct View {
    wall: Arc<ArcSwap<Wall>>,
    shared: Arc<Shared>,
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("View")
    }
}

/// A site as it runs.
#[derive(Debug, Clone)]
pub struct SiteView {
    /// Its name.
    pub name: String,
    /// Its names as they are written.
    pub hosts: Vec<String>,
    /// Its app's addresses, and whether each is in use.
    pub upstreams: Vec<(String, bool)>,
    /// The headers that an ordinary page gets over HTTPS, if its app sends none.
    pub headers: HeaderMap,
}

/// A certificate that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateView {
    /// The site's name.
    pub site: String,
    /// What it says.
    pub facts: CertificateFacts,
    /// Whether the local authority issued it.
    pub is_local: bool,
}

impl View {
    pub(crate) fn new(wall: Arc<ArcSwap<Wall>>, shared: Arc<Shared>) -> Self {
        Self { wall, shared }
    }

    /// Returns the sites in the order of the configuration.
    pub fn sites(&self) -> Vec<SiteView> {
        let wall = self.wall.load();
        let sites = wall.sites.iter().map(|site| SiteView {
            name: site.counters.name().to_owned(),
            hosts: site.plan.hosts.iter().map(ToString::to_string).collect(),
            upstreams: (site.upstream.addresses().iter())
                .map(|address| (address.place().to_string(), address.state().is_healthy()))
                .collect(),
            headers: site.policies.first().map(page_headers).unwrap_or_default(),
        });
        sites.collect()
    }

    /// Returns the certificates that sites show; none where nothing listens for TLS.
    pub fn certificates(&self) -> Vec<CertificateView> {
        let wall = self.wall.load();
        let Some(tls) = &wall.tls else { return Vec::new() };
        let shown = wall.sites.iter().zip(tls.leaves()).filter_map(|(site, leaf)| {
            let facts = CertificateFacts::of(leaf?)?;
            let is_local = matches!(site.plan.certificate, Certificate::Local);
            Some(CertificateView { site: site.counters.name().to_owned(), facts, is_local })
        });
        shown.collect()
    }

    /// Returns how often requests were refused, by site and by the reason's id.
    pub fn refused(&self) -> Vec<(String, &'static str, u64)> {
        self.shared.metrics.refused()
    }

    /// Returns how many requests ended, by site and by first digit of the status, from 1 to 5.
    pub fn ended(&self) -> Vec<(String, [u64; 5])> {
        self.shared.metrics.ended()
    }

    /// Returns what the firewall found.
    pub fn firewall(&self) -> &Ledger {
        &self.shared.waf
    }
}

/// Has an ordinary page pass the stages.
fn page_headers(policy: &RunningPolicy) -> HeaderMap {
    let here = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    let connection = Arc::new(ConnectionFacts { peer: here, socket_peer: here, local: here, tls: None });
    let mut exchange = Exchange::new(RequestId::random(), Instant::now(), connection);
    exchange.https = true;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let mut response = ResponseHead { status: StatusCode::OK, headers, maker: Maker::Upstream };
    for stage in &policy.response {
        stage.head(&mut response, &exchange);
    }
    response.headers
}
