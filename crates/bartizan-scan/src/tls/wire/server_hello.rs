//! The ServerHello: what the server chose (RFC 8446, 4.1.3).

use crate::tls::version::Version;
use crate::wire::Reader;

/// What the server chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerHello {
    /// The version; that of the extension where there is one.
    pub(crate) version: Version,
    /// Its 32 random bytes.
    pub(crate) random: [u8; 32],
    /// The session's number.
    pub(crate) session: Vec<u8>,
    /// The suite.
    pub(crate) suite: u16,
    /// The compression method.
    pub(crate) compression: u8,
    /// The extensions: kind and body.
    pub(crate) extensions: Vec<(u16, Vec<u8>)>,
}

impl ServerHello {
    /// Reads the body of the message.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(body);
        let legacy = reader.u16()?;
        let random = reader.take(32)?.try_into().ok()?;
        let session = reader.vector(1)?;
        if session.len() > 32 {
            return None;
        }
        let suite = reader.u16()?;
        let compression = reader.u8()?;
        let mut extensions = Vec::new();
        if !reader.is_empty() {
            let mut list = Reader::new(reader.vector(2)?);
            while !list.is_empty() {
                // More kinds than IANA has given out are no hello.
                if extensions.len() >= 64 {
                    return None;
                }
                extensions.push((list.u16()?, list.vector(2)?.to_vec()));
            }
        }
        let mut hello = Self {
            version: Version::from_wire(legacy)?,
            random,
            session: session.to_vec(),
            suite,
            compression,
            extensions,
        };
        if let Some(body) = hello.extension(43) {
            hello.version = Version::from_wire(Reader::new(body).u16()?)?;
        }
        Some(hello)
    }

    /// Returns the body of an extension.
    pub(crate) fn extension(&self, kind: u16) -> Option<&[u8]> {
        self.extensions.iter().find(|(known, _)| *known == kind).map(|(_, body)| &body[..])
    }

    /// Returns the group that the server chose, where TLS 1.3 says so here.
    pub(crate) fn group(&self) -> Option<u16> {
        self.extension(51).and_then(|body| Reader::new(body).u16())
    }

    /// Returns the application protocol.
    pub(crate) fn alpn(&self) -> Option<&[u8]> {
        Reader::new(Reader::new(self.extension(16)?).vector(2)?).vector(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(extensions: &[u8]) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend_from_slice(&[7; 32]);
        body.extend_from_slice(&[0, 0xc0, 0x2f, 0]);
        body.extend_from_slice(extensions);
        body
    }

    #[test]
    fn hellos_are_read_whole_or_not_at_all() {
        for (extensions, version) in [
            (&[][..], Some(Version::Tls12)),
            (&[0, 0], Some(Version::Tls12)),
            (&[0, 6, 0, 43, 0, 2, 3, 4], Some(Version::Tls13)),
            (&[0, 6, 0, 43, 0, 2, 0x7f, 28], None), // a draft is no version
            (&[0, 6, 0, 43, 0, 9, 3, 4], None),     // longer than the list
            (&[0, 9], None),
        ] {
            assert_eq!(ServerHello::parse(&body(extensions)).map(|hello| hello.version), version, "{extensions:?}");
        }
        assert_eq!(ServerHello::parse(&[3, 3, 1]), None);
    }
}
