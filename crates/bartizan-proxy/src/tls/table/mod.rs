//! Which site answers a TLS name, with which certificate and settings, and who may share a connection.
//!
//! Sites without TLS settings of their own share one set, so that the common case costs nothing. A site
//! that asks for client certificates, or has its own plan, has its own settings with ticket keys of
//! their own: a session of one site never resumes on the other (CVE-2025-23419).

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bartizan_headers::HostName;
use rustls::ServerConfig;
use rustls::sign::CertifiedKey;
use rustls_pki_types::CertificateDer;

use self::builder::Builder;
use self::names::{ByName, Names, One};
use super::{AuthorityError, CertificateError, CertificateWarning, FileStamps, PlanError};
use crate::config::Config;

mod builder;
mod names;

/// Everything TLS that is built from one configuration.
#[derive(Debug)]
pub struct TlsTable {
    names: Arc<Names>,
    sites: Vec<SiteTls>,
    is_uniform: bool,
    stamps: FileStamps,
    renew_at: Option<SystemTime>,
    authority: Option<PathBuf>,
    warnings: Vec<CertificateWarning>,
}

/// What is wrong, and with which site.
#[derive(Debug)]
pub struct TlsError {
    /// The index of the site; none where the fault lies with the server's settings.
    pub site: Option<usize>,
    /// What is wrong.
    pub fault: TlsFault,
}

/// What keeps a table from being built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsFault {
    /// The local authority.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A certificate or its key.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// There is no site that could answer.
    #[error("there is no site to speak TLS for")]
    NoSite,
    /// The way TLS is to be spoken.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The suites allowed cannot be used with the certificate's kind of key.
    #[error("no cipher suite of TLS 1.2 that is allowed fits the certificate's {key} key")]
    SuiteForKey {
        /// The kind of key.
        key: &'static str,
    },
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

/// The site is a place and no cause: the chain goes on below the fault.
impl Error for TlsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.fault.source()
    }
}

#[derive(Debug)]
struct SiteTls {
    config: Arc<ServerConfig>,
    certificate: Arc<CertifiedKey>,
    is_shared: bool,
}

impl TlsTable {
    /// Reads every certificate and settles how each site speaks TLS. Reads and may write files.
    ///
    /// # Errors
    ///
    /// All faults at once, so that a person mends them in one round.
    pub fn build(config: &Config) -> Result<Self, Vec<TlsError>> {
        Self::build_at(config, SystemTime::now())
    }

    /// As [`Self::build`], at a time that the caller names.
    ///
    /// # Errors
    ///
    /// As [`Self::build`].
    pub fn build_at(config: &Config, now: SystemTime) -> Result<Self, Vec<TlsError>> {
        let mut builder = Builder::new(config, now);
        let certificates: Vec<_> =
            config.sites.iter().enumerate().map(|(index, site)| builder.certificate(config, index, site)).collect();
        let names = Arc::new(Names::of(&config.sites));
        let keys: Vec<_> = certificates.iter().flatten().cloned().collect();
        if config.sites.is_empty() {
            builder.faults.push(TlsError { site: None, fault: TlsFault::NoSite });
        }
        let by_name = Arc::new(ByName { names: Arc::clone(&names), keys });
        let shared = builder.settings(None, &config.server.tls, by_name);
        let mut sites = Vec::with_capacity(certificates.len());
        for (index, (site, certificate)) in config.sites.iter().zip(certificates).enumerate() {
            let plan = site.tls.as_ref().unwrap_or(&config.server.tls);
            let is_shared = site.tls.is_none() && plan.client_certificates.is_none();
            let settings = match &certificate {
                // A fault of the server's plan has been told already.
                Some(_) if shared.is_none() && site.tls.is_none() => None,
                Some(key) if !is_shared => builder.settings(Some(index), plan, Arc::new(One(Arc::clone(key)))),
                _ => shared.clone(),
            };
            if let Some(key) = &certificate {
                builder.check_key(index, plan, key);
            }
            if let (Some(config), Some(certificate)) = (settings, certificate) {
                sites.push(SiteTls { config, certificate, is_shared });
            }
        }
        if !builder.faults.is_empty() {
            return Err(builder.faults);
        }
        Ok(Self {
            names,
            is_uniform: sites.len() == 1 || sites.iter().all(|site| site.is_shared),
            sites,
            stamps: builder.stamps,
            renew_at: builder.renew_at,
            authority: builder.authority.map(|authority| authority.certificate().to_owned()),
            warnings: builder.warnings,
        })
    }

    /// Returns the site that a TLS name leads to; without a name or with an unknown one, the first that
    /// answers to any name, else the first of all.
    pub fn site(&self, server_name: Option<&HostName>) -> usize {
        self.names.site(server_name)
    }

    /// Whether a connection that shows one site's certificate may carry another site's requests.
    ///
    /// Browsers send requests for every name of a certificate over one HTTP/2 connection (RFC 9113,
    /// 9.1.1). That is right while both sites follow the same rules; else the answer is 421.
    pub fn may_serve(&self, shown: usize, wanted: usize) -> bool {
        if shown == wanted {
            return true;
        }
        let (Some(shown), Some(wanted)) = (self.sites.get(shown), self.sites.get(wanted)) else { return false };
        shown.is_shared && wanted.is_shared && Arc::ptr_eq(&shown.certificate, &wanted.certificate)
    }

    /// Returns the files it was read from, as they looked before reading.
    pub const fn stamps(&self) -> &FileStamps {
        &self.stamps
    }

    /// Whether a local certificate enters its last thirty days, so that the table should be built anew.
    pub fn is_due(&self, now: SystemTime) -> bool {
        self.renew_at.is_some_and(|at| at <= now)
    }

    /// Returns the certificate of the local authority, if a site relies on it.
    pub fn authority(&self) -> Option<&Path> {
        self.authority.as_deref()
    }

    /// Returns the certificate that each site shows, in the order of the sites.
    pub fn leaves(&self) -> impl Iterator<Item = Option<&CertificateDer<'static>>> {
        self.sites.iter().map(|site| site.certificate.cert.first())
    }

    /// Returns what browsers or clients may complain about.
    pub fn warnings(&self) -> &[CertificateWarning] {
        &self.warnings
    }

    /// The settings, where there is but one set of them.
    pub(super) fn only_config(&self) -> Option<Arc<ServerConfig>> {
        self.sites.first().filter(|_| self.is_uniform).map(|site| Arc::clone(&site.config))
    }

    pub(super) fn config(&self, site: usize) -> Arc<ServerConfig> {
        // `Names` only ever yields an index below the count of sites, of which there is at least one.
        Arc::clone(&self.sites[site].config)
    }
}

#[cfg(test)]
mod tests;
