//! What TLS 1.3 says only encrypted: the certificate, the staple, the protocol, and whether it takes early data.
//!
//! rustls goes through the handshakes; here it trusts everybody, for judging comes later.

use std::io::{ErrorKind, Write};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs::kx_group};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use crate::provider::provider;
use crate::tls::client;
use crate::tls::connection::{Connection, Dialer};

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The chain, as sent.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// The staple.
    pub(crate) staple: Option<Vec<u8>>,
    /// Whether data may come before the handshake is over.
    pub(crate) early_data: Option<bool>,
}

/// Looks at a server that speaks TLS 1.3.
pub(crate) async fn look(dialer: &Dialer, name: &ServerName<'static>) -> Seen {
    let recorder = Arc::new(Recorder::default());
    let Some(config) = config(&recorder, &[b"http/1.1"]) else { return Seen::default() };
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", name.to_str());
    let early_data = match Exchange::begin(dialer, &config, name, true).await {
        None => None,
        Some(mut exchange) => {
            // Tickets come before the answer to a request, so no clock has to say when they would have.
            let _ = exchange.tls.writer().write_all(request.as_bytes());
            exchange
                .run(|tls| {
                    !tls.is_handshaking() && tls.process_new_packets().is_ok_and(|io| io.plaintext_bytes_to_read() > 0)
                })
                .await;
            takes_early_data(dialer, &config, name).await
        }
    };
    let recorded = recorder.recorded.lock().unwrap_or_else(PoisonError::into_inner);
    let (certificates, staple) = recorded.clone();
    Seen { certificates, staple: (!staple.is_empty()).then_some(staple), early_data }
}

/// Returns the protocol that the server chooses of those offered.
pub(crate) async fn alpn(dialer: &Dialer, name: &ServerName<'static>, offer: &[&str]) -> Option<Vec<u8>> {
    let offer: Vec<&[u8]> = offer.iter().map(|name| name.as_bytes()).collect();
    let config = config(&Arc::new(Recorder::default()), &offer)?;
    let exchange = Exchange::begin(dialer, &config, name, true).await?;
    exchange.tls.alpn_protocol().map(<[u8]>::to_vec)
}

async fn takes_early_data(dialer: &Dialer, config: &Arc<ClientConfig>, name: &ServerName<'static>) -> Option<bool> {
    let mut exchange = Exchange::begin(dialer, config, name, false).await?;
    let Some(mut early) = exchange.tls.early_data() else { return Some(false) };
    // Half a word of a request: enough to be taken, and never enough to be acted on.
    early.write_all(b"G").ok()?;
    exchange.run(|tls| !tls.is_handshaking()).await;
    Some(!exchange.tls.is_handshaking() && exchange.tls.is_early_data_accepted())
}

fn config(recorder: &Arc<Recorder>, alpn: &[&[u8]]) -> Option<Arc<ClientConfig>> {
    let mut groups = client::kx_groups();
    groups.push(kx_group::X25519MLKEM768);
    let provider = CryptoProvider { kx_groups: groups, ..provider() };
    let config =
        ClientConfig::builder_with_provider(Arc::new(provider)).with_protocol_versions(&[&rustls::version::TLS13]);
    let verifier: Arc<dyn ServerCertVerifier> = Arc::<Recorder>::clone(recorder);
    let mut config = config.ok()?.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.enable_early_data = true;
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    Some(Arc::new(config))
}

/// A handshake of rustls over a bounded connection.
struct Exchange<'a> {
    connection: Connection<'a>,
    tls: ClientConnection,
}

impl<'a> Exchange<'a> {
    async fn begin(
        dialer: &'a Dialer,
        config: &Arc<ClientConfig>,
        name: &ServerName<'static>,
        whole: bool,
    ) -> Option<Self> {
        let tls = ClientConnection::new(Arc::clone(config), name.clone()).ok()?;
        let mut exchange = Self { connection: dialer.connect().await.ok()?, tls };
        if whole {
            exchange.run(|tls| !tls.is_handshaking()).await;
            if exchange.tls.is_handshaking() {
                return None;
            }
        }
        Some(exchange)
    }

    /// Sends and receives until there is enough, or no more.
    async fn run(&mut self, is_enough: impl Fn(&mut ClientConnection) -> bool) {
        let mut total = 0;
        let mut buffer = [0; 8192];
        loop {
            let mut out = Vec::new();
            while self.tls.wants_write() && self.tls.write_tls(&mut out).is_ok() {}
            if !out.is_empty() && self.connection.send(&out).await.is_err() {
                return;
            }
            if is_enough(&mut self.tls) || total > MAX_TOTAL {
                return;
            }
            let Ok(count) = self.connection.read(&mut buffer).await else { return };
            total += count;
            let mut bytes = buffer.get(..count).unwrap_or_default();
            while !bytes.is_empty() {
                match self.tls.read_tls(&mut bytes) {
                    Ok(0) => return,
                    Err(error) if error.kind() != ErrorKind::Interrupted => return,
                    Ok(_) | Err(_) => {}
                }
                if self.tls.process_new_packets().is_err() {
                    return;
                }
            }
        }
    }
}

/// Trusts everybody, and remembers what was shown.
#[derive(Debug, Default)]
struct Recorder {
    recorded: Mutex<(Vec<Vec<u8>>, Vec<u8>)>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        ocsp: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).map(|der| der.to_vec()).collect();
        *self.recorded.lock().unwrap_or_else(PoisonError::into_inner) = (chain, ocsp.to_vec());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        crate::tls::wire::hello::SIGNATURES.iter().map(|code| SignatureScheme::from(*code)).collect()
    }
}

/// All that one connection may say: a chain and the front of an answer.
const MAX_TOTAL: usize = 256 * 1024;
