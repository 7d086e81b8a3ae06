//! Gathers certificates, settings and every fault on the way to a table.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::server::ResolvesServerCert;
use rustls::sign::CertifiedKey;

use super::{TlsError, TlsFault};
use crate::config::{Certificate, Config, Site, TlsPlan};
use crate::tls::authority::{AuthorityError, LocalAuthority, RENEW_BEFORE};
use crate::tls::certificate::{CertificateWarning, covers, load, valid_until};
use crate::tls::{FileStamps, plan};

/// What gathers while a table is built.
pub(super) struct Builder {
    now: SystemTime,
    pub(super) authority: Option<LocalAuthority>,
    /// One key for sites that name the same files: that is what lets them share a connection.
    loaded: HashMap<(PathBuf, PathBuf, Option<PathBuf>), Arc<CertifiedKey>>,
    pub(super) stamps: FileStamps,
    pub(super) renew_at: Option<SystemTime>,
    pub(super) warnings: Vec<CertificateWarning>,
    pub(super) faults: Vec<TlsError>,
}

impl Builder {
    pub(super) fn new(config: &Config, now: SystemTime) -> Self {
        Self {
            now,
            authority: None,
            loaded: HashMap::new(),
            stamps: FileStamps::of(files(config)),
            renew_at: None,
            warnings: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub(super) fn certificate(&mut self, config: &Config, index: usize, site: &Site) -> Option<Arc<CertifiedKey>> {
        match self.try_certificate(config, site) {
            Ok(key) => Some(key),
            Err(fault) => {
                self.faults.push(TlsError { site: Some(index), fault });
                None
            }
        }
    }

    fn try_certificate(&mut self, config: &Config, site: &Site) -> Result<Arc<CertifiedKey>, TlsFault> {
        let (chain, key, ocsp, is_local) = match &site.certificate {
            Certificate::Files { chain, key, ocsp } => (chain.clone(), key.clone(), ocsp.clone(), false),
            Certificate::Local => {
                let now = self.now;
                let leaf = self.local(config)?.leaf(&site.hosts, now)?;
                (leaf.clone(), leaf, None, true)
            }
        };
        let files = (chain, key, ocsp);
        let certified = match self.loaded.get(&files) {
            Some(known) => Arc::clone(known),
            None => {
                // Which suites a site allows does not matter for loading its key.
                let provider = rustls::crypto::aws_lc_rs::default_provider();
                let loaded = load(&files.0, &files.1, files.2.as_deref(), &provider, self.now)?;
                self.warnings.extend(loaded.warnings);
                self.loaded.insert(files.clone(), Arc::clone(&loaded.key));
                loaded.key
            }
        };
        let Some(leaf) = certified.cert.first() else { return Ok(certified) };
        if is_local {
            let due = valid_until(leaf).and_then(|end| end.checked_sub(RENEW_BEFORE));
            self.renew_at = self.renew_at.into_iter().chain(due).min();
        }
        for host in site.hosts.iter().filter_map(|pattern| pattern.exact()) {
            if !covers(leaf, host) {
                self.warnings.push(CertificateWarning::OtherName { path: files.0.clone(), host: host.clone() });
            }
        }
        Ok(certified)
    }

    fn local(&mut self, config: &Config) -> Result<&LocalAuthority, AuthorityError> {
        let authority = match self.authority.take() {
            Some(open) => open,
            None => LocalAuthority::open(&config.server.state_dir, self.now)?,
        };
        Ok(self.authority.insert(authority))
    }

    pub(super) fn settings(
        &mut self,
        site: Option<usize>,
        plan: &TlsPlan,
        keys: Arc<dyn ResolvesServerCert>,
    ) -> Option<Arc<ServerConfig>> {
        plan::server_config(plan, keys)
            .map(Arc::new)
            .map_err(|fault| self.faults.push(TlsError { site, fault: fault.into() }))
            .ok()
    }

    pub(super) fn check_key(&mut self, index: usize, plan: &TlsPlan, certified: &CertifiedKey) {
        let algorithm = certified.key.algorithm();
        if !plan::can_sign(plan, algorithm) {
            let key = if algorithm == rustls::SignatureAlgorithm::RSA { "RSA" } else { "ECDSA" };
            self.faults.push(TlsError { site: Some(index), fault: TlsFault::SuiteForKey { key } });
        }
    }
}

fn files(config: &Config) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for site in &config.sites {
        if let Certificate::Files { chain, key, ocsp } = &site.certificate {
            files.extend([chain.clone(), key.clone()]);
            files.extend(ocsp.clone());
        }
    }
    let plans = std::iter::once(&config.server.tls).chain(config.sites.iter().filter_map(|site| site.tls.as_ref()));
    files.extend(plans.filter_map(|plan| Some(plan.client_certificates.as_ref()?.authorities.clone())));
    files
}
