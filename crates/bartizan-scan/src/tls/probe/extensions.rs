//! What the first flight of TLS 1.2 and below shows besides the suite; and how older clients fare.

use crate::tls::connection::{Answer, Dialer, Until};
use crate::tls::groups::{OLDER, USUAL};
use crate::tls::suites::Suite;
use crate::tls::version::Version;
use crate::tls::wire::flight::Flight;
use crate::tls::wire::hello::{Extra, Hello};

/// Asks with everything that a flight can answer, with the suites that the version accepts.
pub(crate) async fn ask(dialer: &Dialer, version: Version, suites: &[u16]) -> Option<Flight> {
    let mut hello = Hello::new(version, suites.to_vec(), dialer.host.clone());
    hello.compression = &[1, 0];
    hello.ticket = Some(Vec::new());
    hello.extras = &[
        Extra::ExtendedMasterSecret,
        Extra::Heartbeat,
        Extra::NextProtocol,
        Extra::Renegotiation,
        Extra::Sct,
        Extra::Status,
    ];
    match dialer.ask(&hello, Until::Done).await {
        Answer::Flight(flight) if flight.hello.version == version => Some(*flight),
        _ => None,
    }
}

/// A client of a time, as far as its first words go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    /// Of 2015: OpenSSL 1.0.2, without what it calls weak.
    Older,
    /// Of 2020: OpenSSL 1.1.1, without what it calls weak.
    Usual,
}

impl Client {
    fn offers(self, suite: &Suite) -> bool {
        match self {
            Self::Older => suite.is_of_older_client(),
            Self::Usual => suite.is_of_usual_client(),
        }
    }

    /// Returns its hello.
    pub(crate) fn hello(self, version: Version, host: Option<String>) -> Hello {
        let suites = crate::tls::suites::offered(false).filter(|suite| self.offers(suite)).map(|suite| suite.code);
        let mut hello = Hello::new(version, suites.collect(), host);
        match self {
            Self::Older => {
                hello.groups = OLDER.to_vec();
                hello.compression = &[1, 0];
                hello.extras = &[Extra::Renegotiation];
            }
            Self::Usual => hello.groups = USUAL.to_vec(),
        }
        hello
    }

    /// Whether the server, which accepts these suites, answers it.
    pub(crate) async fn is_answered(self, dialer: &Dialer, version: Version, accepted: &[&Suite]) -> bool {
        // Where neither curves nor signatures play a part, the suite alone decides.
        if accepted.iter().any(|suite| suite.is_static_rsa() && self.offers(suite)) {
            return true;
        }
        let hello = self.hello(version, dialer.host.clone());
        matches!(dialer.ask(&hello, Until::Hello).await, Answer::Flight(flight) if flight.hello.version == version)
    }
}

/// Whether the server refuses a client that says it fell back from a newer version (RFC 7507, 3).
///
/// A server that does not have the older version refuses as well, which protects the same.
pub(crate) async fn notices_fallback(dialer: &Dialer, version: Version) -> Option<bool> {
    let mut hello = Client::Older.hello(version.below()?, dialer.host.clone());
    hello.suites.push(0x5600);
    match dialer.ask(&hello, Until::Hello).await {
        Answer::Flight(_) => Some(false),
        Answer::Refused(_) | Answer::Closed | Answer::Silent => Some(true),
        Answer::Garbage | Answer::Unreachable => None,
    }
}
