//! What handshakes of a scan compute with: aws-lc's algorithms, and keys made of the system's randomness.
//!
//! aws-lc listens to the processor for tens of milliseconds before its first random number; most scans are over by
//! then. The system's randomness is as good, and nothing here carries anybody's secrets.

use aws_lc_rs::agreement::{self, Algorithm, ECDH_P256, ECDH_P384, ECDH_P521, PrivateKey, UnparsedPublicKey};
use rustls::crypto::aws_lc_rs::{default_provider, kx_group};
use rustls::crypto::{
    ActiveKeyExchange, CryptoProvider, GetRandomFailed, SecureRandom, SharedSecret, SupportedKxGroup,
};
use rustls::{Error, NamedGroup, PeerMisbehaved};

/// Returns the provider for connections that speak HTTP.
pub(crate) fn provider() -> CryptoProvider {
    CryptoProvider {
        // The mixture last: few demand it, and its key is aws-lc's own.
        kx_groups: CURVES.iter().copied().chain([kx_group::X25519MLKEM768]).collect(),
        secure_random: &System,
        ..default_provider()
    }
}

/// The curves that browsers have, and the largest of NIST's.
pub(crate) static CURVES: &[&dyn SupportedKxGroup] = &[
    &Curve { name: NamedGroup::X25519, algorithm: &agreement::X25519, length: 32, top: 0xff },
    &Curve { name: NamedGroup::secp256r1, algorithm: &ECDH_P256, length: 32, top: 0xff },
    &Curve { name: NamedGroup::secp384r1, algorithm: &ECDH_P384, length: 48, top: 0xff },
    &Curve { name: NamedGroup::secp521r1, algorithm: &ECDH_P521, length: 66, top: 1 },
];

/// A curve for the exchange of keys.
#[derive(Debug)]
struct Curve {
    name: NamedGroup,
    algorithm: &'static Algorithm,
    /// The bytes of a secret number.
    length: usize,
    /// Which bits of the first byte it may have.
    top: u8,
}

impl SupportedKxGroup for Curve {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let mut bytes = vec![0; self.length];
        // A number beyond the order of the curve is no key: one in four billion at most is.
        for _ in 0..8 {
            System.fill(&mut bytes).map_err(|_| Error::FailedToGetRandomBytes)?;
            if let Some(first) = bytes.first_mut() {
                *first &= self.top;
            }
            if let Ok(private) = PrivateKey::from_private_key(self.algorithm, &bytes)
                && let Ok(public) = private.compute_public_key()
            {
                let public = public.as_ref().to_vec();
                return Ok(Box::new(Started { name: self.name, algorithm: self.algorithm, private, public }));
            }
        }
        Err(Error::FailedToGetRandomBytes)
    }

    fn name(&self) -> NamedGroup {
        self.name
    }
}

struct Started {
    name: NamedGroup,
    algorithm: &'static Algorithm,
    private: PrivateKey,
    public: Vec<u8>,
}

impl ActiveKeyExchange for Started {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let peer = UnparsedPublicKey::new(self.algorithm, peer);
        let misbehaved = Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare);
        agreement::agree(&self.private, peer, misbehaved, |secret| Ok(SharedSecret::from(secret)))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        self.name
    }
}

/// The randomness of the system.
#[derive(Debug)]
struct System;

impl SecureRandom for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
        getrandom::fill(bytes).map_err(|_| GetRandomFailed)
    }
}
