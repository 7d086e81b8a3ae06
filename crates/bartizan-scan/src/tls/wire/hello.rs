//! A ClientHello written by hand, with exactly the suites and extensions that a question needs.

use super::deframer::HANDSHAKE;
use crate::tls::version::Version;
use crate::wire::{put, put_vector};

/// What a client says first (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2; RFC 6101, 5.6.1.2).
#[derive(Debug, Clone)]
pub(crate) struct Hello {
    /// The version it asks for, and no other.
    pub(crate) version: Version,
    /// In the order of preference.
    pub(crate) suites: Vec<u16>,
    /// In the order of preference; none leaves the extension out.
    pub(crate) groups: Vec<u16>,
    /// In the order of preference; none leaves the extension out.
    pub(crate) signatures: Vec<u16>,
    /// Compression methods; 0 is none.
    pub(crate) compression: &'static [u8],
    /// The name to ask for, unless the host is an address.
    pub(crate) host: Option<String>,
    /// A session to resume by its number.
    pub(crate) session: Vec<u8>,
    /// A ticket to resume by; an empty one asks for one.
    pub(crate) ticket: Option<Vec<u8>>,
    /// Application protocols to choose from.
    pub(crate) alpn: &'static [&'static str],
    /// 32 bytes that no one could have guessed.
    pub(crate) random: [u8; 32],
    /// What else it says.
    pub(crate) extras: &'static [Extra],
    /// The least bytes of the message, filled up with zeros (RFC 7685).
    pub(crate) length: usize,
    /// The proof of the handshake before, when renegotiating (RFC 5746, 3.5).
    pub(crate) verify_data: Vec<u8>,
}

/// An extension without a choice of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    /// Words of an encrypted hello that no server can read, as browsers send them (RFC 9849, 6.2).
    EncryptedHello,
    /// Extended master secret (RFC 7627).
    ExtendedMasterSecret,
    /// Numbers that mean nothing, among suites, groups, signatures, versions and extensions (RFC 8701).
    Grease,
    /// Heartbeat (RFC 6520).
    Heartbeat,
    /// A version that is still to come.
    LaterVersion,
    /// Next protocol negotiation, which came before ALPN.
    NextProtocol,
    /// Secure renegotiation (RFC 5746).
    Renegotiation,
    /// Signed certificate timestamps (RFC 6962, 3.3.1).
    Sct,
    /// The staple (RFC 6066, 8).
    Status,
}

impl Hello {
    /// Returns a hello of a version with some suites, and what every client of today adds.
    pub(crate) fn new(version: Version, suites: Vec<u16>, host: Option<String>) -> Self {
        let mut random = [0; 32];
        // Without entropy the hello is still a hello; no secret of anybody depends on it.
        let _ = getrandom::fill(&mut random);
        Self {
            version,
            suites,
            groups: GROUPS.to_vec(),
            signatures: SIGNATURES.to_vec(),
            compression: &[0],
            host,
            session: Vec::new(),
            ticket: None,
            alpn: &[],
            random,
            extras: &[Extra::ExtendedMasterSecret, Extra::Renegotiation],
            length: 0,
            verify_data: Vec::new(),
        }
    }

    /// Returns the handshake message.
    pub(crate) fn message(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(1024);
        let version = match self.version {
            Version::Tls13 => Version::Tls12.wire(),
            // From TLS 1.3 on, later versions stand in an extension (RFC 8446, 4.1.2).
            _ if self.says(Extra::LaterVersion) => LATER,
            version => version.wire(),
        };
        put(&mut body, 2, version.into());
        body.extend_from_slice(&self.random);
        put_vector(&mut body, 1, &self.session);
        put_vector(&mut body, 2, &self.numbers(&self.suites));
        put_vector(&mut body, 1, self.compression);
        // SSL 3.0 knows no extensions, and some of its servers end at the sight of them.
        if self.version != Version::Ssl3 {
            let mut extensions = self.extensions();
            pad(&mut extensions, body.len(), self.length);
            put_vector(&mut body, 2, &extensions);
        }
        let mut message = vec![1];
        put_vector(&mut message, 3, &body);
        message
    }

    /// Returns the record to send.
    pub(crate) fn record(&self) -> Vec<u8> {
        // A first record says at most TLS 1.0 (RFC 8446, 5.1).
        record(HANDSHAKE, self.version.min(Version::Tls10), &self.message())
    }

    fn says(&self, extra: Extra) -> bool {
        self.extras.contains(&extra)
    }

    fn numbers(&self, values: &[u16]) -> Vec<u8> {
        let grease = self.says(Extra::Grease).then_some(GREASE);
        grease.iter().chain(values).flat_map(|value| value.to_be_bytes()).collect()
    }

    fn extensions(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut add = |kind: usize, body: &[u8]| {
            put(&mut out, 2, kind);
            put_vector(&mut out, 2, body);
        };
        let listed = |width: usize, bytes: &[u8]| {
            let mut body = Vec::new();
            put_vector(&mut body, width, bytes);
            body
        };
        if let Some(host) = &self.host {
            let mut name = vec![0];
            put_vector(&mut name, 2, host.as_bytes());
            add(0, &listed(2, &name));
        }
        if !self.groups.is_empty() {
            add(10, &listed(2, &self.numbers(&self.groups)));
            add(11, &[1, 0]);
        }
        if !self.signatures.is_empty() && self.version >= Version::Tls12 {
            add(13, &listed(2, &self.numbers(&self.signatures)));
        }
        if !self.alpn.is_empty() {
            let mut names = Vec::new();
            self.alpn.iter().for_each(|name| put_vector(&mut names, 1, name.as_bytes()));
            add(16, &listed(2, &names));
        }
        for extra in self.extras {
            match extra {
                Extra::EncryptedHello => add(0xfe0d, ENCRYPTED),
                Extra::ExtendedMasterSecret => add(23, &[]),
                Extra::Grease => add(GREASE.into(), &[]),
                Extra::Heartbeat => add(15, &[1]),
                Extra::LaterVersion => {}
                Extra::NextProtocol => add(NEXT_PROTOCOL.into(), &[]),
                Extra::Renegotiation => add(0xff01, &listed(1, &self.verify_data)),
                Extra::Sct => add(18, &[]),
                Extra::Status => add(5, &[1, 0, 0, 0, 0]),
            }
        }
        if let Some(ticket) = &self.ticket {
            add(35, ticket);
        }
        if self.version == Version::Tls13 {
            let later = self.says(Extra::LaterVersion).then_some(LATER);
            let versions: Vec<u16> = later.into_iter().chain([Version::Tls13.wire()]).collect();
            add(43, &listed(1, &self.numbers(&versions)));
            // No key yet: the server names the group it wants, and nothing is computed on either side
            // (RFC 8446, 4.2.8).
            add(51, &[0, 0]);
        }
        out
    }
}

/// Returns a record of an old enough version.
pub(crate) fn record(kind: u8, version: Version, body: &[u8]) -> Vec<u8> {
    let mut record = vec![kind];
    put(&mut record, 2, version.wire().into());
    put_vector(&mut record, 2, body);
    record
}

/// Fills a hello up to a length; and one that some old servers hang on, between 256 and 511 bytes, up to 512
/// (RFC 7685, 4).
fn pad(extensions: &mut Vec<u8>, before: usize, least: usize) {
    let length = 4 + before + 2 + extensions.len();
    let least = if (256..512).contains(&length) { least.max(512) } else { least };
    if length < least {
        put(extensions, 2, 21);
        put_vector(extensions, 2, &vec![0; least.saturating_sub(length + 4)]);
    }
}

/// The extension for next protocol negotiation, a draft's that was never made a standard.
pub(crate) const NEXT_PROTOCOL: u16 = 13172;
/// One of the numbers that mean nothing, and never will.
const GREASE: u16 = 0x1a1a;
/// A version after TLS 1.3.
const LATER: u16 = 0x0305;
/// An outer hello with a key that is none: HKDF-SHA256 and AES-128-GCM, number 7, key and payload of usual length.
const ENCRYPTED: &[u8] = &{
    let mut bytes = [0x5a; 1 + 4 + 1 + 2 + 32 + 2 + 144];
    (bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]) = (0, 0, 1, 0, 1, 7);
    (bytes[6], bytes[7], bytes[40], bytes[41]) = (0, 32, 0, 144);
    bytes
};

/// The groups that clients of today offer, and those they did.
pub(crate) static GROUPS: &[u16] = &[29, 23, 30, 25, 24, 26, 27, 28, 22, 21, 19, 256, 257, 258, 259, 260];

/// Every signature algorithm that has a name (RFC 8446, 4.2.3; RFC 5246, 7.4.1.4.1), strongest first.
pub(crate) static SIGNATURES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
    0x081a, 0x081b, 0x081c, 0x0402, 0x0502, 0x0602, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Reader;

    #[test]
    fn a_hello_is_well_formed_in_each_version() {
        for version in [Version::Ssl3, Version::Tls10, Version::Tls11, Version::Tls12, Version::Tls13] {
            let hello = Hello::new(version, vec![0x1301, 0xc02f], Some("app.example".to_owned()));
            let record = hello.record();
            let mut reader = Reader::new(&record);
            assert_eq!(reader.u8(), Some(22));
            assert!(reader.u16().unwrap() <= 0x0301);
            let mut reader = Reader::new(reader.vector(2).unwrap());
            assert_eq!(reader.u8(), Some(1));
            let mut body = Reader::new(reader.vector(3).unwrap());
            assert_eq!(body.u16(), Some(version.wire().min(0x0303)));
            body.take(32).unwrap();
            assert_eq!(body.vector(1), Some(&[][..]));
            assert_eq!(body.vector(2), Some(&[0x13, 0x01, 0xc0, 0x2f][..]));
            assert_eq!(body.vector(1), Some(&[0][..]));
            assert_eq!(body.vector(2).is_some(), version != Version::Ssl3);
            assert!(body.is_empty());
            assert!(!(256..512).contains(&(record.len() - 5)), "{}", record.len());
        }
    }
}
