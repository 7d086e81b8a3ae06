//! The table of groups for the exchange of keys, by their number (IANA, TLS Supported Groups).

use super::version::Version;

/// One group.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// Its number on the wire.
    pub(crate) code: u16,
    /// Its name.
    pub(crate) name: &'static str,
}

impl Group {
    /// Whether it is a curve, and not a prime or a mixture with post-quantum keys.
    pub(crate) const fn is_curve(&self) -> bool {
        self.code < 256
    }

    /// Whether a version may use it: TLS 1.3 took the old curves away and brought the mixtures.
    pub(crate) const fn is_for(&self, version: Version) -> bool {
        match version {
            Version::Tls13 => matches!(self.code, 23..=25 | 29..),
            Version::Ssl3 | Version::Tls10 | Version::Tls11 | Version::Tls12 => {
                self.is_curve() && !matches!(self.code, 31..=33)
            }
        }
    }
}

/// Returns the group of a number.
pub(crate) fn by_code(code: u16) -> Option<&'static Group> {
    GROUPS.iter().find(|group| group.code == code)
}

/// Returns the number of a curve by the identifier that certificates have for it.
pub(crate) fn of_certificate(oid: &str) -> Option<u16> {
    let (_, code) = CURVES.iter().find(|(known, _)| *known == oid)?;
    Some(*code)
}

/// What usual clients of TLS 1.2 offer.
pub(crate) static USUAL: &[u16] = &[29, 23, 30, 25, 24];

/// What clients of 2015 offered, before the curves of RFC 7748.
pub(crate) static OLDER: &[u16] = &[23, 25, 28, 27, 24, 26, 22, 14, 13, 11, 12, 9, 10];

/// Most wished for first: a server that follows the client answers with the best it has.
pub(crate) static GROUPS: &[Group] = &[
    Group { code: 0x11ec, name: "X25519MLKEM768" },
    Group { code: 0x11eb, name: "SecP256r1MLKEM768" },
    Group { code: 0x11ed, name: "SecP384r1MLKEM1024" },
    Group { code: 29, name: "X25519" },
    Group { code: 30, name: "X448" },
    Group { code: 25, name: "secp521r1" },
    Group { code: 24, name: "secp384r1" },
    Group { code: 23, name: "secp256r1" },
    Group { code: 0x0202, name: "MLKEM1024" },
    Group { code: 0x0201, name: "MLKEM768" },
    Group { code: 0x0200, name: "MLKEM512" },
    Group { code: 0x6399, name: "X25519Kyber768Draft00" },
    Group { code: 260, name: "ffdhe8192" },
    Group { code: 259, name: "ffdhe6144" },
    Group { code: 258, name: "ffdhe4096" },
    Group { code: 257, name: "ffdhe3072" },
    Group { code: 256, name: "ffdhe2048" },
    Group { code: 33, name: "brainpoolP512r1tls13" },
    Group { code: 32, name: "brainpoolP384r1tls13" },
    Group { code: 31, name: "brainpoolP256r1tls13" },
    Group { code: 28, name: "brainpoolP512r1" },
    Group { code: 27, name: "brainpoolP384r1" },
    Group { code: 26, name: "brainpoolP256r1" },
    Group { code: 22, name: "secp256k1" },
    Group { code: 14, name: "sect571r1" },
    Group { code: 13, name: "sect571k1" },
    Group { code: 12, name: "sect409r1" },
    Group { code: 11, name: "sect409k1" },
    Group { code: 10, name: "sect283r1" },
    Group { code: 9, name: "sect283k1" },
    Group { code: 8, name: "sect239k1" },
    Group { code: 7, name: "sect233r1" },
    Group { code: 6, name: "sect233k1" },
    Group { code: 21, name: "secp224r1" },
    Group { code: 20, name: "secp224k1" },
    Group { code: 19, name: "secp192r1" },
    Group { code: 18, name: "secp192k1" },
    Group { code: 5, name: "sect193r2" },
    Group { code: 4, name: "sect193r1" },
    Group { code: 3, name: "sect163r2" },
    Group { code: 2, name: "sect163r1" },
    Group { code: 1, name: "sect163k1" },
    Group { code: 17, name: "secp160r2" },
    Group { code: 16, name: "secp160r1" },
    Group { code: 15, name: "secp160k1" },
];

static CURVES: &[(&str, u16)] = &[
    ("1.2.840.10045.3.1.1", 19),
    ("1.2.840.10045.3.1.7", 23),
    ("1.3.132.0.10", 22),
    ("1.3.132.0.33", 21),
    ("1.3.132.0.34", 24),
    ("1.3.132.0.35", 25),
    ("1.3.36.3.3.2.8.1.1.7", 26),
    ("1.3.36.3.3.2.8.1.1.11", 27),
    ("1.3.36.3.3.2.8.1.1.13", 28),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique() {
        for (at, group) in GROUPS.iter().enumerate() {
            assert!(GROUPS.iter().skip(at + 1).all(|other| other.code != group.code && other.name != group.name));
        }
        assert_eq!(of_certificate("1.2.840.10045.3.1.7"), Some(23));
        assert!(by_code(29).is_some_and(|group| group.is_for(Version::Tls13)));
        assert!(by_code(26).is_some_and(|group| !group.is_for(Version::Tls13)));
    }
}
