//! What a server says up to ServerHelloDone, gathered from its messages.

use super::key_exchange::KeyExchange;
use super::server_hello::ServerHello;
use crate::tls::suites::{self, Suite};
use crate::wire::Reader;

/// The first flight of a server, as far as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flight {
    /// What it chose.
    pub(crate) hello: ServerHello,
    /// The chain, as sent.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// The staple.
    pub(crate) staple: Option<Vec<u8>>,
    /// Its share of the keys.
    pub(crate) key_exchange: Option<KeyExchange>,
    /// Whether it asks the visitor for a certificate.
    pub(crate) asks_certificate: bool,
    /// Whether all of it came.
    pub(crate) is_done: bool,
    /// The messages as they came, which keys are derived from.
    pub(crate) transcript: Vec<u8>,
}

impl Flight {
    /// Begins with the hello.
    pub(crate) fn new(body: &[u8]) -> Option<Self> {
        let mut flight = Self {
            hello: ServerHello::parse(body)?,
            certificates: Vec::new(),
            staple: None,
            key_exchange: None,
            asks_certificate: false,
            is_done: false,
            transcript: Vec::new(),
        };
        flight.note(SERVER_HELLO, body);
        Some(flight)
    }

    /// Adds a message; `None` if it cannot be read or does not belong here.
    pub(crate) fn add(&mut self, kind: u8, body: &[u8]) -> Option<()> {
        match kind {
            CERTIFICATE => self.certificates = certificates(body)?,
            STATUS => self.staple = Some(staple(body)?),
            KEY_EXCHANGE => {
                let suite = self.suite()?;
                let is_curve = suite.name.contains("ECDH");
                self.key_exchange = Some(KeyExchange::parse(body, is_curve, self.hello.version)?);
            }
            CERTIFICATE_REQUEST => self.asks_certificate = true,
            DONE => self.is_done = true,
            _ => return None,
        }
        self.note(kind, body);
        Some(())
    }

    /// Returns the suite, if it is one that has a name.
    pub(crate) fn suite(&self) -> Option<&'static Suite> {
        suites::by_code(self.hello.suite)
    }

    fn note(&mut self, kind: u8, body: &[u8]) {
        self.transcript.push(kind);
        crate::wire::put_vector(&mut self.transcript, 3, body);
    }
}

/// Reads a Certificate message of TLS 1.2 and below (RFC 5246, 7.4.2).
pub(crate) fn certificates(body: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut list = Reader::new(Reader::new(body).vector(3)?);
    let mut chain = Vec::new();
    while !list.is_empty() {
        if chain.len() >= MAX_CHAIN {
            return None;
        }
        chain.push(list.vector(3)?.to_vec());
    }
    Some(chain)
}

/// Reads a CertificateStatus message (RFC 6066, 8).
fn staple(body: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::new(body);
    (reader.u8()? == 1).then_some(())?;
    reader.vector(3).map(<[u8]>::to_vec)
}

/// The kind of a ServerHello.
pub(crate) const SERVER_HELLO: u8 = 2;
/// The kind of a NewSessionTicket.
pub(crate) const NEW_SESSION_TICKET: u8 = 4;
const CERTIFICATE: u8 = 11;
const KEY_EXCHANGE: u8 = 12;
const CERTIFICATE_REQUEST: u8 = 13;
const DONE: u8 = 14;
const STATUS: u8 = 22;

/// Ten links are more than any public chain has; a server that sends more is mistaken or hostile.
const MAX_CHAIN: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_are_read_whole_or_not_at_all() {
        for (body, chain) in [
            (&[0, 0, 5, 0, 0, 2, 7, 8][..], Some(vec![vec![7, 8]])),
            (&[0, 0, 0], Some(vec![])),
            (&[0, 0, 5, 0, 0, 9, 7, 8], None),
            (&[0, 0], None),
        ] {
            assert_eq!(certificates(body), chain, "{body:?}");
        }
    }
}
