//! Does the server stand hellos that say more than it knows: numbers without a meaning, later versions, much text?
//!
//! Each is a hello that it answers, with one addition; who fails at it fails at the browsers of tomorrow.

use crate::tls::connection::{Answer, Dialer, Until};
use crate::tls::version::Version;
use crate::tls::wire::hello::{Extra, Hello};

/// An addition, and what it is called.
struct Addition {
    name: &'static str,
    extras: &'static [Extra],
    length: usize,
}

static ADDITIONS: &[Addition] = &[
    Addition {
        name: "an encrypted hello",
        extras: &[Extra::EncryptedHello, Extra::ExtendedMasterSecret, Extra::Renegotiation],
        length: 0,
    },
    Addition {
        name: "a later version",
        extras: &[Extra::ExtendedMasterSecret, Extra::LaterVersion, Extra::Renegotiation],
        length: 0,
    },
    // As long as one with keys that stand quantum computers, and longer than a packet.
    Addition {
        name: "more than a packet holds",
        extras: &[Extra::ExtendedMasterSecret, Extra::Renegotiation],
        length: 2000,
    },
    Addition {
        name: "numbers without a meaning (GREASE)",
        extras: &[Extra::ExtendedMasterSecret, Extra::Grease, Extra::Renegotiation],
        length: 0,
    },
];

/// Returns what the server does not stand in a hello of a version, with the suites that it accepts.
pub(crate) async fn ask(dialer: &Dialer, version: Version, suites: &[u16]) -> Vec<&'static str> {
    let mut failed = Vec::new();
    // SSL 3.0 has no place for additions.
    if version == Version::Ssl3 || suites.is_empty() {
        return failed;
    }
    for addition in ADDITIONS {
        let mut hello = Hello::new(version, suites.to_vec(), dialer.host.clone());
        (hello.extras, hello.length) = (addition.extras, addition.length);
        let is_answered = match dialer.ask(&hello, Until::Hello).await {
            Answer::Flight(flight) => flight.hello.version == version && suites.contains(&flight.hello.suite),
            Answer::Closed | Answer::Garbage | Answer::Refused(_) | Answer::Silent => false,
            // Whoever takes no connection says nothing about hellos.
            Answer::Unreachable => true,
        };
        if !is_answered {
            failed.push(addition.name);
        }
    }
    failed
}
