//! Hashes, their HMAC, and the pseudorandom function that makes keys of a secret (RFC 5246, 5; RFC 2246, 5).

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384};

use crate::tls::suites::Suite;
use crate::tls::version::Version;

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
}

impl Hash {
    /// Returns the length of what it makes.
    pub(super) const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }

    const fn block(self) -> usize {
        match self {
            Self::Md5 | Self::Sha1 | Self::Sha256 => 64,
            Self::Sha384 => 128,
        }
    }

    fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn over<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            parts.iter().for_each(|part| hash.update(part));
            hash.finalize().to_vec()
        }
        match self {
            Self::Md5 => over::<Md5>(parts),
            Self::Sha1 => over::<Sha1>(parts),
            Self::Sha256 => over::<Sha256>(parts),
            Self::Sha384 => over::<Sha384>(parts),
        }
    }

    /// Returns the keyed hash (RFC 2104, 2).
    pub(super) fn hmac(self, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let mut key = if key.len() > self.block() { self.digest(&[key]) } else { key.to_vec() };
        key.resize(self.block(), 0);
        let masked = |mask: u8| key.iter().map(|byte| byte ^ mask).collect::<Vec<_>>();
        let inside = masked(0x36);
        let mut all = vec![&inside[..]];
        all.extend_from_slice(parts);
        self.digest(&[&masked(0x5c), &self.digest(&all)])
    }

    fn expand(self, secret: &[u8], label: &[u8], seeds: &[&[u8]], length: usize) -> Vec<u8> {
        let mut seed = label.to_vec();
        seeds.iter().for_each(|part| seed.extend_from_slice(part));
        let mut link = seed.clone();
        let mut out = Vec::with_capacity(length + self.length());
        while out.len() < length {
            link = self.hmac(secret, &[&link]);
            out.extend(self.hmac(secret, &[&link, &seed]));
        }
        out.truncate(length);
        out
    }
}

/// The pseudorandom function of a version and a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prf {
    /// MD5 and SHA-1 over halves of the secret, as before TLS 1.2.
    Both,
    /// One hash.
    One(Hash),
}

impl Prf {
    /// Returns that of a suite in a version.
    pub(super) fn of(suite: &Suite, version: Version) -> Self {
        match version {
            Version::Ssl3 | Version::Tls10 | Version::Tls11 => Self::Both,
            Version::Tls12 | Version::Tls13 if suite.name.ends_with("SHA384") => Self::One(Hash::Sha384),
            Version::Tls12 | Version::Tls13 => Self::One(Hash::Sha256),
        }
    }

    /// Makes so many bytes of a secret.
    pub(super) fn expand(self, secret: &[u8], label: &[u8], seeds: &[&[u8]], length: usize) -> Vec<u8> {
        match self {
            Self::One(hash) => hash.expand(secret, label, seeds, length),
            Self::Both => {
                // The halves share the middle byte of a secret of odd length (RFC 2246, 5).
                let half = secret.len().div_ceil(2);
                let first = secret.get(..half).unwrap_or_default();
                let second = secret.get(secret.len() - half..).unwrap_or_default();
                let md5 = Hash::Md5.expand(first, label, seeds, length);
                let sha1 = Hash::Sha1.expand(second, label, seeds, length);
                md5.iter().zip(sha1).map(|(a, b)| a ^ b).collect()
            }
        }
    }

    /// Returns the hash over all messages of a handshake.
    pub(super) fn transcript(self, messages: &[u8]) -> Vec<u8> {
        match self {
            Self::One(hash) => hash.digest(&[messages]),
            Self::Both => [Hash::Md5.digest(&[messages]), Hash::Sha1.digest(&[messages])].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn keyed_hashes_are_those_of_the_standard() {
        // RFC 2202, test case 2, and RFC 4231, test case 2.
        let data: &[u8] = b"what do ya want for nothing?";
        for (hash, start) in [
            (Hash::Md5, "750c783e6ab0b503"),
            (Hash::Sha1, "effcdf6ae5eb2fa2"),
            (Hash::Sha256, "5bdcc146bf60754e"),
            (Hash::Sha384, "af45d2e376484031"),
        ] {
            assert!(hex(&hash.hmac(b"Jefe", &[data])).starts_with(start), "{hash:?}");
        }
    }
}
