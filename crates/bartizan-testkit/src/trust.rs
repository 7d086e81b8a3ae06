//! Whom a test's client believes: one authority, or anyone.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use crate::{Issued, TestCa};

/// Whom a client believes.
#[derive(Debug, Clone)]
pub enum Trust {
    /// Anyone; for tests that judge something else.
    DangerousAnyone,
    /// Whom one of these certificates vouches for.
    Roots(Vec<CertificateDer<'static>>),
}

impl Trust {
    /// Trusts a test's authority.
    pub fn ca(ca: &TestCa) -> Self {
        Self::Roots(vec![ca.der()])
    }

    /// Returns a client's settings with every group and suite that the library knows.
    ///
    /// # Panics
    ///
    /// When a root or the client certificate cannot be used.
    pub fn client_config(&self, certificate: Option<&Issued>) -> ClientConfig {
        let provider =
            Arc::new(CryptoProvider { kx_groups: aws_lc_rs::ALL_KX_GROUPS.to_vec(), ..aws_lc_rs::default_provider() });
        self.client_config_with(provider, certificate)
    }

    /// Returns a client's settings with the cryptography that the test chooses.
    ///
    /// # Panics
    ///
    /// As [`Self::client_config`].
    pub fn client_config_with(&self, provider: Arc<CryptoProvider>, certificate: Option<&Issued>) -> ClientConfig {
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let builder = match self {
            Self::Roots(roots) => {
                let mut store = RootCertStore::empty();
                for root in roots {
                    store.add(root.clone()).unwrap();
                }
                builder.with_root_certificates(store)
            }
            Self::DangerousAnyone => builder.dangerous().with_custom_certificate_verifier(Arc::new(Anyone(provider))),
        };
        match certificate {
            None => builder.with_no_client_auth(),
            Some(issued) => {
                let (chain, key) = issued.read();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        }
    }
}

#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
