//! RSA as a client of old needs it: the secret, padded and raised under the certificate's key (RFC 8017, 7.2).

use num_bigint::BigUint;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey as Parsed;

/// The public key of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicKey {
    modulus: BigUint,
    exponent: BigUint,
    /// The length of the modulus in bytes.
    pub(crate) length: usize,
}

impl PublicKey {
    /// Returns the key of a certificate, if it is RSA of a usable length.
    pub(crate) fn of(certificate: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        let Ok(Parsed::RSA(key)) = certificate.public_key().parsed() else { return None };
        let (modulus, exponent) = (BigUint::from_bytes_be(key.modulus), BigUint::from_bytes_be(key.exponent));
        let length = usize::try_from(modulus.bits().div_ceil(8)).ok()?;
        // Beyond 16384 bits, and with a long exponent, the computing would be the server's attack on us.
        let is_usable = (64..=2048).contains(&length) && exponent.bits() <= 64 && modulus.bit(0);
        is_usable.then_some(Self { modulus, exponent, length })
    }

    /// Encrypts a secret with the usual padding; not random, for nothing here is secret.
    pub(crate) fn encrypt(&self, secret: &[u8]) -> Option<Vec<u8>> {
        let padding = self.length.checked_sub(secret.len() + 3).filter(|length| *length >= 8)?;
        let mut message = vec![0, 2];
        message.resize(padding + 2, 0x5a);
        message.push(0);
        message.extend_from_slice(secret);
        Some(self.raise(&message))
    }

    /// Raises a padded message as it stands.
    pub(crate) fn raise(&self, message: &[u8]) -> Vec<u8> {
        let raised = BigUint::from_bytes_be(message).modpow(&self.exponent, &self.modulus).to_bytes_be();
        let mut out = vec![0; self.length.saturating_sub(raised.len())];
        out.extend(raised);
        out
    }
}
