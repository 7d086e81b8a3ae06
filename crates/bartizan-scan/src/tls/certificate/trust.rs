//! Who trusts a chain: the browsers' authorities, and the one that the operator names.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::{CertificateError, Error, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

/// Whose word counts.
#[derive(Debug, Clone)]
pub struct Authorities {
    public: Arc<RootCertStore>,
    named: Option<Arc<RootCertStore>>,
}

impl Default for Authorities {
    fn default() -> Self {
        let public = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self { public: Arc::new(public), named: None }
    }
}

impl Authorities {
    /// Adds authorities of one's own; certificates that cannot be roots are left out.
    #[must_use]
    pub fn with_named<'a>(mut self, certificates: impl IntoIterator<Item = CertificateDer<'a>>) -> Self {
        let mut store = self.named.take().map_or_else(RootCertStore::empty, |known| (*known).clone());
        store.add_parsable_certificates(certificates.into_iter().map(CertificateDer::into_owned));
        self.named = Some(Arc::new(store));
        self
    }

    /// Whether one of them has this subject.
    pub(super) fn knows(&self, subject: &[u8]) -> bool {
        let stores = [Some(&self.public), self.named.as_ref()];
        // Anchors keep the content of the subject's sequence, without its header.
        stores.into_iter().flatten().flat_map(|store| &store.roots).any(|root| subject.ends_with(&root.subject))
    }
}

/// Who trusts a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trusted {
    /// Whether browsers do, for this name and now.
    pub(super) is_public: bool,
    /// Whether the named authority does, if one is named.
    pub(super) is_named: Option<bool>,
    /// Whether the certificate is for the host, whoever trusts it.
    pub(super) is_for_host: bool,
}

/// Judges a chain for a name, as of a moment in seconds since 1970.
pub(super) fn judge(chain: &[Vec<u8>], name: &ServerName<'_>, authorities: &Authorities, now: i64) -> Trusted {
    let by = |store: &Arc<RootCertStore>| verify(chain, name, store, now);
    let public = by(&authorities.public);
    let named = authorities.named.as_ref().map(by);
    Trusted {
        is_public: public.is_ok(),
        is_named: named.map(|named| named.is_ok()),
        is_for_host: is_for_host(chain, name),
    }
}

fn verify(chain: &[Vec<u8>], name: &ServerName<'_>, store: &Arc<RootCertStore>, now: i64) -> Result<(), Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::clone(store), provider).build();
    let verifier = verifier.map_err(|_| Error::InvalidCertificate(CertificateError::UnknownIssuer))?;
    let mut chain = chain.iter().map(|der| CertificateDer::from(der.as_slice()));
    let leaf = chain.next().ok_or(Error::NoCertificatesPresented)?;
    let others: Vec<_> = chain.collect();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(now).unwrap_or_default()));
    verifier.verify_server_cert(&leaf, &others, name, &[], now).map(|_| ())
}

/// Whether the certificate is for the host; names count only where visitors look for them, in the extension.
fn is_for_host(chain: &[Vec<u8>], name: &ServerName<'_>) -> bool {
    let Some(leaf) = chain.first().map(|der| CertificateDer::from(der.as_slice())) else { return false };
    let Ok(parsed) = rustls::server::ParsedCertificate::try_from(&leaf) else { return false };
    rustls::client::verify_server_name(&parsed, name).is_ok()
}
