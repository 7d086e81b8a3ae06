//! Entry points for fuzz targets: each takes any bytes from a server, must not panic, and keeps to its limits.

use bartizan_headers::fuzzing::Target;
use rustls_pki_types::ServerName;

use super::certificate::{self, Authorities, Shown};
use super::wire::deframer::{Deframer, Event};
use super::wire::flight::{Flight, SERVER_HELLO, certificates};
use super::wire::key_exchange::KeyExchange;
use super::wire::server_hello::ServerHello;
use super::wire::ssl2;

/// Every parser.
pub const TARGETS: &[Target] = &[
    Target { name: "tls_certificate", run: tls_certificate },
    Target { name: "tls_records", run: tls_records },
    Target { name: "tls_server_hello", run: tls_server_hello },
];

/// A Certificate message, its certificates as a chain, and its first as a staple.
pub fn tls_certificate(bytes: &[u8]) {
    let name = ServerName::try_from("app.example").expect("a name written out on this line");
    let chain = certificates(bytes).unwrap_or_else(|| vec![bytes.to_vec()]);
    let shown = Shown { staple: chain.last().cloned(), timestamps: Some(bytes.to_vec()), chain };
    let _ = certificate::judge(&shown, &name, &Authorities::default(), 1_767_225_600);
}

/// What a server sends: the same messages come of it however it is cut.
pub fn tls_records(bytes: &[u8]) {
    let whole = events([bytes].into_iter());
    let cut = events(bytes.chunks(3));
    assert_eq!(whole, cut);
    let mut flight = None;
    for event in whole {
        match (event, &mut flight) {
            (Event::Message(SERVER_HELLO, body), None) => flight = Flight::new(&body),
            (Event::Message(kind, body), Some(begun)) => {
                let _ = begun.add(kind, &body);
            }
            _ => {}
        }
    }
}

/// The hellos of TLS and of SSL 2.0, and a share of the keys.
pub fn tls_server_hello(bytes: &[u8]) {
    if let Some(hello) = ServerHello::parse(bytes) {
        assert!(hello.session.len() <= 32 && hello.extensions.len() <= 64);
        let _ = (hello.alpn(), hello.group());
    }
    for is_curve in [true, false] {
        let _ = KeyExchange::parse(bytes, is_curve, super::version::Version::Tls12);
    }
    let _ = ssl2::accepted(bytes);
}

fn events<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<Event> {
    let mut deframer = Deframer::default();
    let mut events = Vec::new();
    for chunk in chunks {
        deframer.push(chunk);
        while let Some(event) = deframer.next() {
            let is_over = event == Event::Garbage;
            events.push(event);
            if is_over {
                return events;
            }
        }
    }
    events
}
