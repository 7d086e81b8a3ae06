//! The versions of the protocol as they are written on the wire.

use bartizan_rules::facts::TlsVersion;

/// A version, oldest first; SSL 2.0 has a wire format of its own and is asked apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Version {
    /// SSL 3.0.
    Ssl3,
    /// TLS 1.0.
    Tls10,
    /// TLS 1.1.
    Tls11,
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

impl Version {
    /// Every version, oldest first.
    pub(crate) const ALL: [Self; 5] = [Self::Ssl3, Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13];

    /// Returns its number.
    pub(crate) const fn wire(self) -> u16 {
        match self {
            Self::Ssl3 => 0x0300,
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
        }
    }

    /// Returns the version of a number.
    pub(crate) fn from_wire(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.wire() == number)
    }

    /// Returns the version below; SSL 3.0 has none that a hello could ask for.
    pub(crate) fn below(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|version| *version < self)
    }

    /// Returns the name that facts have for it.
    pub(crate) const fn fact(self) -> TlsVersion {
        match self {
            Self::Ssl3 => TlsVersion::Ssl3,
            Self::Tls10 => TlsVersion::Tls10,
            Self::Tls11 => TlsVersion::Tls11,
            Self::Tls12 => TlsVersion::Tls12,
            Self::Tls13 => TlsVersion::Tls13,
        }
    }
}
