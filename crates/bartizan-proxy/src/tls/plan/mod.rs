//! How TLS is spoken with clients: a plan becomes rustls settings, or an error that says what cannot be.
//!
//! Suites follow the client while the plan has the default order: a phone without AES hardware lists
//! ChaCha20 first and knows why. Once an operator writes an order of their own, ours counts. Early data
//! (RFC 8446, 8) is never accepted: it can be replayed, and a proxy cannot know which requests may be.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, SupportedKxGroup, aws_lc_rs};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, ResolvesServerCert, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig, SupportedCipherSuite, SupportedProtocolVersion};

use super::certificate::{self, CertificateError};
use crate::config::{ClientCertificates, KeyExchangeGroup, Suite, Tickets, TlsPlan, TlsVersion};

/// Why a plan cannot be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// An authority is not one that certificates can be checked against.
    #[error("certificate {position} in {} is no certificate authority", path.display())]
    Authority {
        /// The file of authorities.
        path: PathBuf,
        /// Which certificate, counted from one.
        position: usize,
        /// Why.
        source: rustls::Error,
    },
    /// The file of client authorities cannot be used.
    #[error("the authorities for client certificates cannot be read")]
    Authorities(#[from] CertificateError),
    /// No key exchange group can be used with a version.
    #[error("no key exchange group is left for {}", name_of(*version))]
    NoGroup {
        /// The version.
        version: TlsVersion,
    },
    /// No suite can be used with a version.
    #[error("no cipher suite is left for {}", name_of(*version))]
    NoSuite {
        /// The version.
        version: TlsVersion,
    },
    /// No version is allowed.
    #[error("no version of TLS is allowed")]
    NoVersion,
    /// The library refuses the settings.
    #[error("these TLS settings cannot be used")]
    Settings(#[from] rustls::Error),
    /// The library refuses the authorities.
    #[error("the authorities in {} cannot be used", path.display())]
    Verifier {
        /// The file of authorities.
        path: PathBuf,
        /// Why.
        source: rustls::server::VerifierBuilderError,
    },
}

/// Returns the cryptography with the groups and suites of the plan, in its order.
pub(super) fn provider(plan: &TlsPlan) -> CryptoProvider {
    CryptoProvider {
        cipher_suites: unique(&plan.suites).map(suite).collect(),
        kx_groups: unique(&plan.groups).map(group).collect(),
        ..aws_lc_rs::default_provider()
    }
}

/// Builds the settings under which sites with this plan speak TLS.
///
/// Each call makes ticket keys of its own, so sessions of one result never resume under another.
///
/// # Errors
///
/// A [`PlanError`] says which part of the plan cannot be.
pub fn server_config(plan: &TlsPlan, certificates: Arc<dyn ResolvesServerCert>) -> Result<ServerConfig, PlanError> {
    let provider = Arc::new(provider(plan));
    let versions = versions(plan, &provider)?;
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(&versions)?;
    let builder = match &plan.client_certificates {
        None => builder.with_no_client_auth(),
        Some(wanted) => builder.with_client_cert_verifier(verifier(wanted, provider)?),
    };
    let mut config = builder.with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.ignore_client_order = plan.suites != Suite::ALL;
    config.max_early_data_size = 0;
    // Tickets are stateless. A cache of TLS 1.2 sessions would be memory that strangers fill.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = match plan.tickets {
        Tickets::Off => 0,
        Tickets::Rotated => {
            config.ticketer = aws_lc_rs::Ticketer::new()?;
            // Browsers keep one connection an origin; a second ticket costs 4 % of each handshake.
            1
        }
    };
    Ok(config)
}

/// Whether a handshake could use a key of this kind under the plan's versions.
pub(super) fn can_sign(plan: &TlsPlan, key: rustls::SignatureAlgorithm) -> bool {
    plan.versions.contains(&TlsVersion::V1_3)
        || plan.suites.iter().any(|&wanted| {
            let suite = suite(wanted);
            suite.tls13().is_none() && suite.usable_for_signature_algorithm(key)
        })
}

fn versions(plan: &TlsPlan, provider: &CryptoProvider) -> Result<Vec<&'static SupportedProtocolVersion>, PlanError> {
    if plan.versions.is_empty() {
        return Err(PlanError::NoVersion);
    }
    let mut versions = Vec::with_capacity(2);
    for version in unique(&plan.versions) {
        let spoken = match version {
            TlsVersion::V1_2 => &rustls::version::TLS12,
            TlsVersion::V1_3 => &rustls::version::TLS13,
        };
        // rustls would start with half a plan and fail the handshakes of the other half.
        if !provider.cipher_suites.iter().any(|suite| suite.version() == spoken) {
            return Err(PlanError::NoSuite { version });
        }
        if !provider.kx_groups.iter().any(|group| group.usable_for_version(spoken.version)) {
            return Err(PlanError::NoGroup { version });
        }
        versions.push(spoken);
    }
    Ok(versions)
}

fn verifier(
    wanted: &ClientCertificates,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, PlanError> {
    let path: &Path = &wanted.authorities;
    let mut roots = RootCertStore::empty();
    for (index, authority) in certificate::certificates_in(path)?.into_iter().enumerate() {
        roots.add(authority).map_err(|source| PlanError::Authority {
            path: path.to_owned(),
            position: index + 1,
            source,
        })?;
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = if wanted.required { builder } else { builder.allow_unauthenticated() };
    builder.build().map_err(|source| PlanError::Verifier { path: path.to_owned(), source })
}

/// Each value once, where it stands first.
fn unique<T: Copy + PartialEq>(values: &[T]) -> impl Iterator<Item = T> + '_ {
    values.iter().enumerate().filter(|(index, value)| !values[..*index].contains(value)).map(|(_, value)| *value)
}

fn group(group: KeyExchangeGroup) -> &'static dyn SupportedKxGroup {
    use aws_lc_rs::kx_group as known;
    match group {
        KeyExchangeGroup::X25519MlKem768 => known::X25519MLKEM768,
        KeyExchangeGroup::Secp256r1MlKem768 => known::SECP256R1MLKEM768,
        KeyExchangeGroup::MlKem768 => known::MLKEM768,
        KeyExchangeGroup::X25519 => known::X25519,
        KeyExchangeGroup::Secp256r1 => known::SECP256R1,
        KeyExchangeGroup::Secp384r1 => known::SECP384R1,
    }
}

fn suite(suite: Suite) -> SupportedCipherSuite {
    use aws_lc_rs::cipher_suite as known;
    match suite {
        Suite::Tls13Aes256GcmSha384 => known::TLS13_AES_256_GCM_SHA384,
        Suite::Tls13Aes128GcmSha256 => known::TLS13_AES_128_GCM_SHA256,
        Suite::Tls13Chacha20Poly1305Sha256 => known::TLS13_CHACHA20_POLY1305_SHA256,
        Suite::EcdheEcdsaAes256GcmSha384 => known::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        Suite::EcdheEcdsaAes128GcmSha256 => known::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        Suite::EcdheEcdsaChacha20Poly1305Sha256 => known::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        Suite::EcdheRsaAes256GcmSha384 => known::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        Suite::EcdheRsaAes128GcmSha256 => known::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        Suite::EcdheRsaChacha20Poly1305Sha256 => known::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    }
}

const fn name_of(version: TlsVersion) -> &'static str {
    match version {
        TlsVersion::V1_2 => "TLS 1.2",
        TlsVersion::V1_3 => "TLS 1.3",
    }
}

#[cfg(test)]
mod tests;
