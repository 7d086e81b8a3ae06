//! How records are protected by a suite of TLS 1.2 and below, on the way to the server only (RFC 5246, 6.2.3).

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

use super::block_mode::BlockCipher;
use super::hash::Hash;
use crate::tls::suites::Suite;
use crate::tls::version::Version;
use crate::tls::wire::hello::record;
use crate::wire::put;

/// What a suite needs of the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Protection {
    mode: Mode,
    /// The length of the cipher's key.
    key: usize,
    is_aria: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Cbc(Hash),
    Ccm(usize),
    ChaCha,
    Gcm,
    Null(Hash),
}

impl Protection {
    /// Returns that of a suite, if this client has it.
    pub(super) fn of(suite: &Suite) -> Option<Self> {
        let (_, cipher) = suite.name.split_once("_WITH_")?;
        if suite.name.starts_with("OLD_") || suite.name.contains("EXPORT") {
            return None;
        }
        let (cipher, hash) = if let Some(cipher) = cipher.strip_suffix("_SHA384") {
            (cipher, Hash::Sha384)
        } else if let Some(cipher) = cipher.strip_suffix("_SHA256") {
            (cipher, Hash::Sha256)
        } else if let Some(cipher) = cipher.strip_suffix("_SHA") {
            (cipher, Hash::Sha1)
        } else if let Some(cipher) = cipher.strip_suffix("_MD5") {
            (cipher, Hash::Md5)
        } else {
            (cipher, Hash::Sha256)
        };
        let (mode, key) = match cipher {
            "AES_128_CBC" => (Mode::Cbc(hash), 16),
            "AES_256_CBC" => (Mode::Cbc(hash), 32),
            "AES_128_CCM" => (Mode::Ccm(16), 16),
            "AES_256_CCM" => (Mode::Ccm(16), 32),
            "AES_128_CCM_8" => (Mode::Ccm(8), 16),
            "AES_256_CCM_8" => (Mode::Ccm(8), 32),
            "AES_128_GCM" | "ARIA_128_GCM" => (Mode::Gcm, 16),
            "AES_256_GCM" | "ARIA_256_GCM" => (Mode::Gcm, 32),
            "CHACHA20_POLY1305" => (Mode::ChaCha, 32),
            "NULL" => (Mode::Null(hash), 0),
            _ => return None,
        };
        Some(Self { mode, key, is_aria: cipher.starts_with("ARIA") })
    }

    const fn mac(self) -> usize {
        match self.mode {
            Mode::Cbc(hash) | Mode::Null(hash) => hash.length(),
            Mode::Ccm(_) | Mode::ChaCha | Mode::Gcm => 0,
        }
    }

    const fn iv(self) -> usize {
        match self.mode {
            Mode::Cbc(_) => 16,
            Mode::Ccm(_) | Mode::Gcm => 4,
            Mode::ChaCha => 12,
            Mode::Null(_) => 0,
        }
    }

    /// Returns how many bytes of keys both sides need (RFC 5246, 6.3).
    pub(super) const fn key_block(self) -> usize {
        2 * (self.mac() + self.key + self.iv())
    }
}

/// Protects records, one after the other.
pub(super) struct Writer {
    protection: Protection,
    version: Version,
    mac: Vec<u8>,
    cipher: Cipher,
    iv: Vec<u8>,
    sequence: u64,
}

enum Cipher {
    Block(Box<BlockCipher>),
    ChaCha(LessSafeKey),
    Null,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("protection", &self.protection).finish_non_exhaustive()
    }
}

impl Writer {
    /// Takes the client's part of the keys: of each pair the first.
    pub(super) fn new(protection: Protection, version: Version, block: &[u8]) -> Option<Self> {
        let (mac, rest) = block.split_at_checked(protection.mac())?;
        let (_, rest) = rest.split_at_checked(protection.mac())?;
        let (key, rest) = rest.split_at_checked(protection.key)?;
        let (_, rest) = rest.split_at_checked(protection.key)?;
        let iv = rest.get(..protection.iv())?.to_vec();
        let cipher = match protection.mode {
            Mode::Cbc(_) | Mode::Ccm(_) | Mode::Gcm => {
                Cipher::Block(Box::new(BlockCipher::new(protection.is_aria, key)?))
            }
            Mode::ChaCha => Cipher::ChaCha(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).ok()?)),
            Mode::Null(_) => Cipher::Null,
        };
        Some(Self { protection, version, mac: mac.to_vec(), cipher, iv, sequence: 0 })
    }

    /// Returns the record that carries some content.
    pub(super) fn record(&mut self, kind: u8, content: &[u8]) -> Vec<u8> {
        let mut header = self.sequence.to_be_bytes().to_vec();
        header.push(kind);
        put(&mut header, 2, self.version.wire().into());
        put(&mut header, 2, content.len());
        let explicit = self.sequence.to_be_bytes();
        self.sequence += 1;
        let body = match (&self.cipher, self.protection.mode) {
            (Cipher::Block(cipher), Mode::Cbc(hash)) => {
                let mut data = content.to_vec();
                data.extend(hash.hmac(&self.mac, &[&header, content]));
                let padding = 15 - data.len() % 16;
                data.resize(data.len() + padding + 1, u8::try_from(padding).unwrap_or_default());
                if self.version >= Version::Tls11 {
                    // The same explicit IV each time would be a fault in any client that protects something.
                    let iv = [0x5a; 16];
                    [&iv[..], &cipher.cbc(iv, &data)].concat()
                } else {
                    let iv = self.iv.as_slice().try_into().unwrap_or_default();
                    let sealed = cipher.cbc(iv, &data);
                    self.iv = sealed.get(sealed.len().saturating_sub(16)..).unwrap_or_default().to_vec();
                    sealed
                }
            }
            (Cipher::Block(cipher), Mode::Ccm(tag)) => {
                [&explicit[..], &cipher.ccm(nonce(&self.iv, &explicit), &header, content, tag)].concat()
            }
            (Cipher::Block(cipher), _) => {
                [&explicit[..], &cipher.gcm(nonce(&self.iv, &explicit), &header, content)].concat()
            }
            (Cipher::ChaCha(key), _) => {
                let mut nonce: [u8; 12] = self.iv.as_slice().try_into().unwrap_or_default();
                nonce.iter_mut().rev().zip(explicit.iter().rev()).for_each(|(to, from)| *to ^= from);
                let mut data = content.to_vec();
                // It fails only beyond lengths that no record has.
                let _ =
                    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&header), &mut data);
                data
            }
            (Cipher::Null, Mode::Null(hash)) => [content, &hash.hmac(&self.mac, &[&header, content])].concat(),
            (Cipher::Null, _) => content.to_vec(),
        };
        record(kind, self.version, &body)
    }
}

/// The nonce of GCM and CCM: a secret part and one that is sent (RFC 5288, 3).
fn nonce(secret: &[u8], explicit: &[u8]) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce.iter_mut().zip(secret.iter().chain(explicit)).for_each(|(to, from)| *to = *from);
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::suites::SUITES;

    #[test]
    fn suites_tell_what_keys_they_need() {
        for (name, length) in [
            ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", Some(40)),
            ("TLS_RSA_WITH_AES_256_CBC_SHA", Some(136)),
            ("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", Some(88)),
            ("TLS_RSA_WITH_AES_128_CCM_8", Some(40)),
            ("TLS_RSA_WITH_NULL_MD5", Some(32)),
            ("TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", None),
            ("TLS_RSA_EXPORT_WITH_RC4_40_MD5", None),
            ("TLS_AES_128_GCM_SHA256", None), // keys of TLS 1.3 are made otherwise
        ] {
            let suite = SUITES.iter().find(|suite| suite.name == name).unwrap();
            assert_eq!(Protection::of(suite).map(Protection::key_block), length, "{name}");
        }
    }
}
