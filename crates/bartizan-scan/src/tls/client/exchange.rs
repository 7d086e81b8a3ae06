//! The client's side of an exchange of keys, over a curve or over a prime; also for rustls, which lacks some groups.

use num_bigint::BigUint;
use rustls::crypto::{ActiveKeyExchange, SharedSecret, SupportedKxGroup};
use rustls::{Error, NamedGroup, PeerMisbehaved};

use super::x448;
use crate::provider::CURVES;

/// Returns the public value to send and the secret that both know.
pub(super) fn over_curve(group: u16, point: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let group = kx_groups().into_iter().find(|known| u16::from(known.name()) == group)?;
    let exchange = group.start().ok()?;
    let public = exchange.pub_key().to_vec();
    Some((public, exchange.complete(point).ok()?.secret_bytes().to_vec()))
}

/// Returns the public value to send and the secret that both know (RFC 5246, 8.1.2).
pub(super) fn over_prime(prime: &[u8], base: &[u8], value: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let [prime, base, value] = [prime, base, value].map(BigUint::from_bytes_be);
    // An even modulus is no prime, and a long one is an attack on whoever computes with it.
    if !prime.bit(0) || !(256..=8192).contains(&prime.bits()) {
        return None;
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).ok()?;
    let secret = BigUint::from_bytes_be(&secret);
    // Zeros at the front of the shared value are left out, as this numeral does.
    Some((base.modpow(&secret, &prime).to_bytes_be(), value.modpow(&secret, &prime).to_bytes_be()))
}

/// Returns all groups that an exchange can be finished in.
pub(crate) fn kx_groups() -> Vec<&'static dyn SupportedKxGroup> {
    CURVES.iter().copied().chain([&X448 as &dyn SupportedKxGroup]).collect()
}

/// The curve of RFC 7748 with 448 bits.
#[derive(Debug)]
struct X448;

impl SupportedKxGroup for X448 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let mut private = [0; 56];
        getrandom::fill(&mut private).map_err(|_| Error::FailedToGetRandomBytes)?;
        Ok(Box::new(StartedX448 { private, public: x448::multiply(&private, &x448::base()) }))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::X448
    }
}

struct StartedX448 {
    private: [u8; 56],
    public: [u8; 56],
}

impl ActiveKeyExchange for StartedX448 {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let peer = peer.try_into().map_err(|_| Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare))?;
        Ok(SharedSecret::from(&x448::multiply(&self.private, peer)[..]))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::X448
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_reaches_the_same_secret_from_both_sides() {
        for group in kx_groups() {
            let (mine, yours) = (group.start().unwrap(), group.start().unwrap());
            let (a, b) = (mine.pub_key().to_vec(), yours.pub_key().to_vec());
            let (one, two) = (mine.complete(&b).unwrap(), yours.complete(&a).unwrap());
            assert_eq!(one.secret_bytes(), two.secret_bytes(), "{:?}", group.name());
        }
        assert!(over_prime(&[0xfe; 128], &[2], &[9]).is_none()); // even
    }
}
