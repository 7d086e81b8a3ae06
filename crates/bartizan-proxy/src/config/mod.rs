//! What the wall does: plain values, already resolved and checked, with safe defaults.
//!
//! Nothing here reads files, TOML or the environment; the binary resolves text into these types and
//! gathers every problem before it builds a [`Config`]. Each default carries its reason.

mod headers;
mod limits;
mod planned;
mod route;
mod server;
mod site;
mod tls;
mod upstream;
mod waf;

pub use headers::{CspMode, HeaderMode, HeaderPlan, HeaderRule};
pub use limits::{ByteRate, Limits, RequestRate};
pub use planned::{Planned, When};
pub use route::{ErrorPages, Policy, RoutePlan};
pub use server::{AccessLog, ProxyProtocol, Server};
pub use site::{
    CookiePlan, Csrf, CsrfMode, EncodedSlashes, Https, Redirect, ResourceIsolation, SecurityTxt, Site, UnknownHost,
    Upload,
};
pub use tls::{Certificate, ClientCertificates, KeyExchangeGroup, Suite, Tickets, TlsPlan, TlsVersion};
pub use upstream::{
    Balance, ClientCredentials, HealthCheck, Secret, UpstreamAddress, UpstreamPlan, UpstreamProtocol, UpstreamTls,
};

pub use waf::{WafExclusion, WafMode, WafPlan, WafRules};

/// Everything one running wall is built from.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// What holds for the process.
    pub server: Server,
    /// The sites, in the order in which they were written.
    pub sites: Vec<Site>,
}
