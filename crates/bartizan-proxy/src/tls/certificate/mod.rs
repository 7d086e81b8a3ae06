//! A certificate chain with its key, read from PEM files and checked before a client sees it.
//!
//! What would break the handshake is an error that names the file; what a browser would merely complain
//! about (an expired certificate, a name it does not cover) is a warning, so that a late renewal does
//! not keep a wall from starting. It trusts nobody: chains are not verified against any root.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bartizan_headers::HostName;
use rustls::crypto::CryptoProvider;
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

pub use self::facts::CertificateFacts;
pub use self::fault::{CertificateError, CertificateWarning};

mod facts;
mod fault;

/// A certificate ready to be shown, and what is odd about it.
#[derive(Debug)]
pub struct Loaded {
    /// The chain and the key, checked against each other.
    pub key: Arc<CertifiedKey>,
    /// What browsers or clients may complain about.
    pub warnings: Vec<CertificateWarning>,
}

/// Reads and checks the files of one site.
///
/// # Errors
///
/// A [`CertificateError`] names the file that must be mended.
pub fn load(
    chain: &Path,
    key: &Path,
    ocsp: Option<&Path>,
    provider: &CryptoProvider,
    now: SystemTime,
) -> Result<Loaded, CertificateError> {
    let certificates = certificates_in(chain)?;
    let private = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|fault| match fault {
        rustls_pki_types::pem::Error::NoItemsFound => CertificateError::NoKey { path: key.to_owned() },
        other => CertificateError::Pem { path: key.to_owned(), detail: other.to_string() },
    })?;
    let signing = provider
        .key_provider
        .load_private_key(private)
        .map_err(|source| CertificateError::UnusableKey { path: key.to_owned(), source })?;
    let warnings = inspect(chain, &certificates, now)?;
    let mut certified = CertifiedKey::new(certificates, signing);
    if certified.keys_match().is_err() {
        return Err(mismatch(chain, key, &certified));
    }
    if let Some(path) = ocsp {
        let response = read(path)?;
        // OCSPResponse is a SEQUENCE (RFC 6960, 4.2.1); PEM or HTML put there by mistake is not.
        if response.first() != Some(&0x30) {
            return Err(CertificateError::Ocsp { path: path.to_owned() });
        }
        certified.ocsp = Some(response);
    }
    Ok(Loaded { key: Arc::new(certified), warnings })
}

/// Reads every certificate of a PEM file; an empty file is an error.
///
/// # Errors
///
/// A [`CertificateError`] names the file.
pub(super) fn certificates_in(path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let certificates = CertificateDer::pem_slice_iter(&read(path)?)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|fault| CertificateError::Pem { path: path.to_owned(), detail: fault.to_string() })?;
    if certificates.is_empty() {
        return Err(CertificateError::NoCertificate { path: path.to_owned() });
    }
    Ok(certificates)
}

/// Whether the certificate is made out for the name (RFC 9525, 6.3: a star is one whole label).
pub(super) fn covers(certificate: &CertificateDer<'_>, host: &HostName) -> bool {
    let Ok((_, parsed)) = X509Certificate::from_der(certificate) else { return false };
    let Ok(Some(names)) = parsed.subject_alternative_name() else { return false };
    names.value.general_names.iter().any(|name| match (name, host.address()) {
        (GeneralName::DNSName(name), None) => is_name_for(name, host.as_str()),
        (GeneralName::IPAddress(bytes), Some(std::net::IpAddr::V4(v4))) => *bytes == v4.octets(),
        (GeneralName::IPAddress(bytes), Some(std::net::IpAddr::V6(v6))) => *bytes == v6.octets(),
        _ => false,
    })
}

/// Returns the last moment at which a certificate is valid.
pub(super) fn valid_until(certificate: &CertificateDer<'_>) -> Option<SystemTime> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let seconds = u64::try_from(parsed.validity().not_after.timestamp()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// Whether the certificate is for this public key (a DER `SubjectPublicKeyInfo`).
pub(super) fn has_public_key(certificate: &CertificateDer<'_>, key: &[u8]) -> bool {
    X509Certificate::from_der(certificate).is_ok_and(|(_, parsed)| parsed.public_key().raw == key)
}

fn read(path: &Path) -> Result<Vec<u8>, CertificateError> {
    std::fs::read(path).map_err(|source| CertificateError::Read { path: path.to_owned(), source })
}

fn mismatch(chain: &Path, key: &Path, certified: &CertifiedKey) -> CertificateError {
    let fits_later = certified.cert.iter().skip(1).any(|certificate| {
        CertifiedKey::new(vec![certificate.clone()], Arc::clone(&certified.key)).keys_match().is_ok()
    });
    if fits_later {
        return CertificateError::LeafNotFirst { path: chain.to_owned() };
    }
    CertificateError::Mismatch { chain: chain.to_owned(), key: key.to_owned() }
}

/// Looks through a chain: what is no certificate is an error, what has only a flaw a warning.
fn inspect(
    path: &Path,
    chain: &[CertificateDer<'_>],
    now: SystemTime,
) -> Result<Vec<CertificateWarning>, CertificateError> {
    let mut parsed = Vec::with_capacity(chain.len());
    for (index, certificate) in chain.iter().enumerate() {
        let Ok((_, x509)) = X509Certificate::from_der(certificate) else {
            return Err(CertificateError::X509 { path: path.to_owned(), position: index + 1 });
        };
        parsed.push(x509);
    }
    let mut warnings = Vec::new();
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    if let Some(leaf) = parsed.first() {
        if leaf.validity().not_after.timestamp() < seconds {
            warnings.push(CertificateWarning::Expired { path: path.to_owned() });
        }
        if leaf.validity().not_before.timestamp() > seconds {
            warnings.push(CertificateWarning::NotYetValid { path: path.to_owned() });
        }
    }
    for (index, (lower, upper)) in parsed.iter().zip(parsed.iter().skip(1)).enumerate() {
        if lower.issuer().as_raw() != upper.subject().as_raw() {
            warnings.push(CertificateWarning::BrokenChain { path: path.to_owned(), position: index + 1 });
        }
    }
    Ok(warnings)
}

fn is_name_for(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        None => pattern.eq_ignore_ascii_case(host),
        Some(parent) => {
            host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && parent.eq_ignore_ascii_case(rest))
        }
    }
}

#[cfg(test)]
mod tests;
