//! A client that goes through a whole handshake of TLS 1.0 to 1.2, to see what comes after it.
//!
//! It proves nothing and protects nothing: keys are not secret, signatures are not checked, and what
//! the server encrypts is never read. Do not carry data over it.

mod block_mode;
mod exchange;
mod hash;
mod protection;
pub(crate) mod rsa;
mod x448;

use super::connection::{Answer, Connection, Dialer, Until};
use super::suites::Suite;
use super::version::Version;
use super::wire::deframer::{CHANGE_CIPHER_SPEC, Event, HANDSHAKE};
use super::wire::flight::{Flight, NEW_SESSION_TICKET};
use super::wire::hello::{Hello, record};
use super::wire::key_exchange::Share;
use crate::wire::{Reader, put_vector};
use hash::Prf;
use protection::{Protection, Writer};

pub(crate) use exchange::kx_groups;

/// A handshake that is over.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    connection: Connection<'a>,
    writer: Writer,
    version: Version,
    /// The session's number.
    pub(crate) id: Vec<u8>,
    /// The ticket and its lifetime in seconds.
    pub(crate) ticket: Option<(u32, Vec<u8>)>,
    verify_data: Vec<u8>,
}

/// Whether this client can go through a handshake with the suite.
pub(crate) fn can(suite: &Suite) -> bool {
    Protection::of(suite).is_some()
        && (suite.is_static_rsa() || suite.name.contains("DHE_") || suite.name.contains("anon"))
}

/// Goes through the handshake that the hello begins; `None` if it does not end well.
pub(crate) async fn complete<'a>(dialer: &'a Dialer, hello: &Hello) -> Option<Session<'a>> {
    let (mut connection, flight) = dialer.greet(hello, Until::Done).await.ok()?;
    let version = flight.hello.version;
    let suite = flight.suite()?;
    let protection = Protection::of(suite)?;
    let (premaster, message) = key_exchange(hello, &flight, suite)?;
    let prf = Prf::of(suite, version);
    let mut transcript = hello.message();
    transcript.extend_from_slice(&flight.transcript);
    let mut out = Vec::new();
    if flight.asks_certificate {
        let none = [11, 0, 0, 3, 0, 0, 0];
        transcript.extend_from_slice(&none);
        out.extend(record(HANDSHAKE, version, &none));
    }
    transcript.extend_from_slice(&message);
    out.extend(record(HANDSHAKE, version, &message));
    let (client, server) = (&hello.random[..], &flight.hello.random[..]);
    let master = if flight.hello.extension(23).is_some() {
        prf.expand(&premaster, b"extended master secret", &[&prf.transcript(&transcript)], 48)
    } else {
        prf.expand(&premaster, b"master secret", &[client, server], 48)
    };
    let block = prf.expand(&master, b"key expansion", &[server, client], protection.key_block());
    let mut writer = Writer::new(protection, version, &block)?;
    let verify_data = prf.expand(&master, b"client finished", &[&prf.transcript(&transcript)], 12);
    let mut finished = vec![20];
    put_vector(&mut finished, 3, &verify_data);
    out.extend(record(CHANGE_CIPHER_SPEC, version, &[1]));
    out.extend(writer.record(HANDSHAKE, &finished));
    connection.send(&out).await.ok()?;
    let mut ticket = None;
    loop {
        match connection.next().await.ok()? {
            Event::Message(NEW_SESSION_TICKET, body) => {
                let mut reader = Reader::new(&body);
                ticket = Some((reader.number(4)?, reader.vector(2)?.to_vec()));
            }
            // Sent only after our Finished was checked: the session is good.
            Event::ChangeCipherSpec => break,
            Event::Alert(1, _) | Event::Message(..) => {}
            Event::Alert(..) | Event::Record(..) | Event::Garbage => return None,
        }
    }
    Some(Session { connection, writer, version, id: flight.hello.session, ticket, verify_data })
}

impl Session<'_> {
    /// Whether the server begins a second handshake when this client asks for one.
    pub(crate) async fn renegotiates(mut self, hello: &Hello) -> Option<bool> {
        // The server's own Finished is still to come.
        while !matches!(self.connection.next().await.ok()?, Event::Record(HANDSHAKE, _)) {}
        let again =
            Hello { verify_data: std::mem::take(&mut self.verify_data), version: self.version, ..hello.clone() };
        let question = self.writer.record(HANDSHAKE, &again.message());
        if self.connection.send(&question).await.is_err() {
            return Some(false);
        }
        match self.connection.next().await {
            Ok(Event::Record(HANDSHAKE, _)) => Some(true),
            Ok(_) | Err(Answer::Closed | Answer::Silent) => Some(false),
            Err(_) => None,
        }
    }
}

/// Returns the secret and the ClientKeyExchange that tells it (RFC 5246, 7.4.7).
fn key_exchange(hello: &Hello, flight: &Flight, suite: &Suite) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut body = Vec::new();
    let premaster = match flight.key_exchange.as_ref().map(|exchange| &exchange.share) {
        Some(Share::Curve(group, point)) => {
            let (public, secret) = exchange::over_curve(*group, point)?;
            put_vector(&mut body, 1, &public);
            secret
        }
        Some(Share::Prime(prime, base, value)) => {
            let (public, secret) = exchange::over_prime(prime, base, value)?;
            put_vector(&mut body, 2, &public);
            secret
        }
        None if suite.is_static_rsa() => {
            let mut secret = hello.version.wire().to_be_bytes().to_vec();
            secret.extend_from_slice(&hello.random);
            secret.resize(48, 7);
            let key = rsa::PublicKey::of(flight.certificates.first()?)?;
            put_vector(&mut body, 2, &key.encrypt(&secret)?);
            secret
        }
        None => return None,
    };
    let mut message = vec![16];
    put_vector(&mut message, 3, &body);
    Some((premaster, message))
}
