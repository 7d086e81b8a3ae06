//! Which site and which certificate a TLS name leads to.

use std::collections::HashMap;
use std::sync::Arc;

use bartizan_headers::HostName;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::config::Site;

/// Which site a name leads to: an exact name before a star, a longer star before a shorter one, an
/// earlier site before a later one. Ports are unknown at this point and play no part.
#[derive(Debug, Default)]
pub(super) struct Names {
    exact: HashMap<HostName, usize>,
    below: HashMap<Box<str>, usize>,
    otherwise: usize,
}

impl Names {
    pub(super) fn of(sites: &[Site]) -> Self {
        let mut names =
            Self { otherwise: sites.iter().position(|site| site.hosts.is_empty()).unwrap_or(0), ..Self::default() };
        for (index, site) in sites.iter().enumerate() {
            for pattern in &site.hosts {
                if let Some(host) = pattern.exact() {
                    names.exact.entry(host.clone()).or_insert(index);
                } else if let Some(parent) = pattern.below() {
                    names.below.entry(parent.as_str().into()).or_insert(index);
                }
            }
        }
        names
    }

    pub(super) fn site(&self, name: Option<&HostName>) -> usize {
        let Some(name) = name else { return self.otherwise };
        if let Some(&site) = self.exact.get(name) {
            return site;
        }
        let mut rest = name.as_str();
        while !self.below.is_empty() && name.address().is_none() {
            let Some((_, parent)) = rest.split_once('.') else { break };
            if let Some(&site) = self.below.get(parent) {
                return site;
            }
            rest = parent;
        }
        self.otherwise
    }
}

/// Chooses the certificate inside the handshake.
#[derive(Debug)]
pub(super) struct ByName {
    pub(super) names: Arc<Names>,
    pub(super) keys: Vec<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().and_then(|name| name.parse().ok());
        self.keys.get(self.names.site(name.as_ref())).cloned()
    }
}

/// The one certificate of a site with settings of its own.
#[derive(Debug)]
pub(super) struct One(pub(super) Arc<CertifiedKey>);

impl ResolvesServerCert for One {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}
