//! TLS towards clients: certificates, versions, groups, suites, tickets, client certificates.

use std::path::PathBuf;

/// Where a site's certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Certificate {
    /// PEM files; read at start and again when they change.
    Files {
        /// The chain, leaf first.
        chain: PathBuf,
        /// The private key of the leaf.
        key: PathBuf,
        /// A DER OCSP response to staple.
        ocsp: Option<PathBuf>,
    },
    /// Issued by the local development authority, made on first use.
    #[default]
    Local,
}

/// How TLS is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsPlan {
    /// Protocol versions, any order.
    pub versions: Vec<TlsVersion>,
    /// Key exchange groups, preferred first.
    pub groups: Vec<KeyExchangeGroup>,
    /// Cipher suites, preferred first.
    pub suites: Vec<Suite>,
    /// Whether sessions are resumed.
    pub tickets: Tickets,
    /// Client certificates, if any are asked for.
    pub client_certificates: Option<ClientCertificates>,
}

impl Default for TlsPlan {
    fn default() -> Self {
        Self {
            versions: vec![TlsVersion::V1_3, TlsVersion::V1_2],
            // Post-quantum first: recorded traffic must stay closed to a later computer.
            groups: vec![
                KeyExchangeGroup::X25519MlKem768,
                KeyExchangeGroup::X25519,
                KeyExchangeGroup::Secp256r1,
                KeyExchangeGroup::Secp384r1,
            ],
            suites: Suite::ALL.to_vec(),
            tickets: Tickets::Rotated,
            client_certificates: None,
        }
    }
}

/// A version of TLS that is still safe to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246), AEAD suites with forward secrecy only.
    V1_2,
    /// TLS 1.3 (RFC 8446).
    V1_3,
}

/// A key exchange group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyExchangeGroup {
    /// `X25519MLKEM768`: hybrid, post-quantum.
    X25519MlKem768,
    /// `secp256r1MLKEM768`: hybrid, post-quantum, with a NIST curve.
    Secp256r1MlKem768,
    /// `MLKEM768`: post-quantum alone.
    MlKem768,
    /// `X25519`.
    X25519,
    /// `secp256r1` (P-256).
    Secp256r1,
    /// `secp384r1` (P-384).
    Secp384r1,
}

/// A cipher suite by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the registry's own and say all there is to say")]
pub enum Suite {
    Tls13Aes256GcmSha384,
    Tls13Aes128GcmSha256,
    Tls13Chacha20Poly1305Sha256,
    EcdheEcdsaAes256GcmSha384,
    EcdheEcdsaAes128GcmSha256,
    EcdheEcdsaChacha20Poly1305Sha256,
    EcdheRsaAes256GcmSha384,
    EcdheRsaAes128GcmSha256,
    EcdheRsaChacha20Poly1305Sha256,
}

impl Suite {
    /// Every suite that is spoken, in the default order.
    pub const ALL: [Self; 9] = [
        // AES-128 first: as strong in practice and cheaper; ChaCha20 where a client has no AES hardware.
        Self::Tls13Aes128GcmSha256,
        Self::Tls13Aes256GcmSha384,
        Self::Tls13Chacha20Poly1305Sha256,
        Self::EcdheEcdsaAes128GcmSha256,
        Self::EcdheEcdsaAes256GcmSha384,
        Self::EcdheEcdsaChacha20Poly1305Sha256,
        Self::EcdheRsaAes128GcmSha256,
        Self::EcdheRsaAes256GcmSha384,
        Self::EcdheRsaChacha20Poly1305Sha256,
    ];
}

/// Whether and how sessions are resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tickets {
    /// Every connection makes a full handshake.
    Off,
    /// Stateless tickets under keys that live in memory and change every few hours.
    #[default]
    Rotated,
}

/// Which client certificates a site accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificates {
    /// PEM file of the authorities; one that cannot be read stops the start.
    pub authorities: PathBuf,
    /// Whether a client without a certificate is refused in the handshake.
    pub required: bool,
}
