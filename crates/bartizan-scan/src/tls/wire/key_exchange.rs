//! The ServerKeyExchange of TLS 1.2 and below: the server's share and who signed it (RFC 5246, 7.4.3; RFC 8422, 5.4).

use crate::tls::version::Version;
use crate::wire::Reader;

/// The server's share of a key exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Share {
    /// Over a named curve: its number and the server's point.
    Curve(u16, Vec<u8>),
    /// Over a prime: the prime, the base and the server's value.
    Prime(Vec<u8>, Vec<u8>, Vec<u8>),
}

/// The share and the signature algorithm, which only TLS 1.2 names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyExchange {
    /// The share.
    pub(crate) share: Share,
    /// The algorithm of the signature.
    pub(crate) signature: Option<u16>,
}

impl KeyExchange {
    /// Reads the message that belongs to a suite with a curve or with a prime.
    pub(crate) fn parse(body: &[u8], is_curve: bool, version: Version) -> Option<Self> {
        let mut reader = Reader::new(body);
        let share = if is_curve {
            // Only named curves are left; explicit ones were never safe to follow.
            (reader.u8()? == 3).then_some(())?;
            Share::Curve(reader.u16()?, reader.vector(1)?.to_vec())
        } else {
            let mut value = || reader.vector(2).filter(|value| value.len() <= MAX_PRIME).map(<[u8]>::to_vec);
            Share::Prime(value()?, value()?, value()?)
        };
        let signature = if version == Version::Tls12 { reader.u16() } else { None };
        Some(Self { share, signature })
    }
}

/// 16384 bits: beyond it, computing is the attack.
const MAX_PRIME: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_apart_by_the_suite() {
        let curve = KeyExchange::parse(&[3, 0, 29, 2, 8, 9, 4, 1], true, Version::Tls12).unwrap();
        assert_eq!(curve, KeyExchange { share: Share::Curve(29, vec![8, 9]), signature: Some(0x0401) });
        let prime = KeyExchange::parse(&[0, 1, 23, 0, 1, 5, 0, 1, 8], false, Version::Tls10).unwrap();
        assert_eq!(prime, KeyExchange { share: Share::Prime(vec![23], vec![5], vec![8]), signature: None });
        assert_eq!(KeyExchange::parse(&[1, 0, 29, 0], true, Version::Tls12), None); // an explicit curve
        assert_eq!(KeyExchange::parse(&[0, 9, 23], false, Version::Tls12), None);
    }
}
