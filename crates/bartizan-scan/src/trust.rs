//! Whom to trust, and how to look at those who cannot be.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use crate::provider::provider;

/// Two ways to speak TLS: one that trusts the web's authorities, and one that looks at anything.
#[derive(Debug, Clone)]
pub struct Trust {
    verified: Arc<ClientConfig>,
    unverified: Arc<ClientConfig>,
}

impl Trust {
    /// Trusts the authorities of browsers, and some more.
    pub fn new(more: &[CertificateDer<'static>]) -> Self {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        roots.add_parsable_certificates(more.iter().cloned());
        let verified = config(|builder| builder.with_root_certificates(roots).with_no_client_auth());
        Self { verified, unverified: unverified() }
    }

    /// Trusts everybody: for a site whose certificate is known to be bad.
    pub fn dangerous_everybody() -> Self {
        let unverified = unverified();
        Self { verified: Arc::clone(&unverified), unverified }
    }

    pub(crate) fn config(&self, is_verified: bool) -> Arc<ClientConfig> {
        Arc::clone(if is_verified { &self.verified } else { &self.unverified })
    }
}

fn unverified() -> Arc<ClientConfig> {
    let looker = Arc::new(Looker(provider().signature_verification_algorithms.supported_schemes()));
    config(|builder| builder.dangerous().with_custom_certificate_verifier(looker).with_no_client_auth())
}

type Builder = rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>;

fn config(finish: impl FnOnce(Builder) -> ClientConfig) -> Arc<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(provider().into());
    let builder = builder.with_safe_default_protocol_versions().expect("the provider has suites for both versions");
    let mut config = finish(builder);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Each connection is to show what a first one shows.
    config.resumption = Resumption::disabled();
    Arc::new(config)
}

/// Accepts every certificate; what it is worth was found out by the attempt before.
#[derive(Debug)]
struct Looker(Vec<SignatureScheme>);

impl ServerCertVerifier for Looker {
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
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.clone()
    }
}
