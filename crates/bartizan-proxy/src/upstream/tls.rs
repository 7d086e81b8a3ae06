//! TLS towards the app: whom to believe, who we are, and which protocol is asked for.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::pem::{self, PemObject};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};

use super::{TlsSettings, UpstreamConfigError};
use crate::config::UpstreamTls;

/// Reads the files of the plan.
pub(super) fn settings(plan: &UpstreamTls) -> Result<TlsSettings, UpstreamConfigError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|source| UpstreamConfigError::Tls { source: source.into() })?;
    let builder = if plan.dangerous_skip_verification {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
    } else {
        builder.with_root_certificates(authorities(plan.authorities.as_deref())?)
    };
    let config = match &plan.identity {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => {
            builder.with_client_auth_cert(certificates(chain)?, private_key(key)?).map_err(|source| {
                UpstreamConfigError::Identity { chain: chain.clone(), key: key.clone(), source: source.into() }
            })?
        }
    };
    let mut http2 = config.clone();
    http2.alpn_protocols = vec![b"h2".to_vec()];
    Ok(TlsSettings { http1: Arc::new(config), http2: Arc::new(http2) })
}

/// Returns the file's authorities, or the public ones where no file is named.
fn authorities(path: Option<&Path>) -> Result<RootCertStore, UpstreamConfigError> {
    let Some(path) = path else {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    };
    let mut store = RootCertStore::empty();
    for certificate in certificates(path)? {
        store
            .add(certificate)
            .map_err(|source| UpstreamConfigError::Authority { path: path.to_owned(), source: source.into() })?;
    }
    Ok(store)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, UpstreamConfigError> {
    let problem = |source| UpstreamConfigError::Pem { path: path.to_owned(), wanted: "certificate", source };
    let found: Vec<_> = CertificateDer::pem_slice_iter(&read(path)?)
        .collect::<Result<_, pem::Error>>()
        .map_err(|error| problem(Some(error)))?;
    // An empty file would mean that nobody, or everybody, is believed: neither was meant.
    if found.is_empty() { Err(problem(None)) } else { Ok(found) }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, UpstreamConfigError> {
    PrivateKeyDer::from_pem_slice(&read(path)?).map_err(|error| UpstreamConfigError::Pem {
        path: path.to_owned(),
        wanted: "private key",
        source: Some(error),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, UpstreamConfigError> {
    std::fs::read(path).map_err(|source| UpstreamConfigError::Read { path: path.to_owned(), source })
}

/// Believes any certificate, for `dangerous_skip_verification`; the handshake itself must still hold together.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
