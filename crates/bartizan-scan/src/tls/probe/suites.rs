//! Which suites does a version accept, and in whose order?
//!
//! One hello offers all, the server takes one, the next hello offers the rest: as many hellos as there
//! are suites to find, and one more. What it takes first it likes best.

use crate::tls::connection::{Answer, Dialer, Until};
use crate::tls::suites::{self, Suite};
use crate::tls::version::Version;
use crate::tls::wire::hello::Hello;
use crate::tls::wire::ssl2;

/// What a version accepts.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    /// In the order in which the server took them.
    pub(crate) suites: Vec<&'static Suite>,
    /// Whether the server's order counts; unknown with fewer than two.
    pub(crate) is_server_order: Option<bool>,
    /// Why it may not be all.
    pub(crate) doubt: Option<Doubt>,
}

/// Why an answer may not be the whole truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// No connection came about.
    Unreachable,
    /// No answer came in time.
    Silent,
    /// The answer is not TLS.
    Garbage,
}

impl Doubt {
    /// Returns what is doubtful about an answer that ends a search.
    const fn of(answer: &Answer) -> Option<Self> {
        match answer {
            Answer::Silent => Some(Self::Silent),
            Answer::Garbage => Some(Self::Garbage),
            Answer::Unreachable => Some(Self::Unreachable),
            Answer::Flight(_) | Answer::Refused(_) | Answer::Closed => None,
        }
    }
}

/// Asks a version for all suites.
pub(crate) async fn ask(dialer: &Dialer, version: Version) -> Accepted {
    let mut rest: Vec<_> = suites::offered(version == Version::Tls13).collect();
    let mut accepted = Accepted::default();
    while !rest.is_empty() {
        match pick(dialer, version, &rest).await {
            Ok(suite) => {
                rest.retain(|known| *known != suite);
                accepted.suites.push(suite);
            }
            Err(answer) => {
                accepted.doubt = Doubt::of(&answer);
                break;
            }
        }
    }
    if let Some([first, second]) = pair(&accepted.suites) {
        let picked = pick(dialer, version, &[second, first]).await.ok();
        accepted.is_server_order = picked.map(|suite| suite == first);
    }
    accepted
}

/// Returns two suites to ask for in the other order; of a kind that costs the server no signature, if there are.
fn pair(accepted: &[&'static Suite]) -> Option<[&'static Suite; 2]> {
    let mut cheap = accepted.iter().copied().filter(|suite| suite.is_static_rsa());
    let mut any = accepted.iter().copied();
    cheap.next().zip(cheap.next()).or_else(|| any.next().zip(any.next())).map(|(first, second)| [first, second])
}

/// Returns the suite that the server takes of some.
async fn pick(dialer: &Dialer, version: Version, suites: &[&'static Suite]) -> Result<&'static Suite, Answer> {
    let codes = suites.iter().map(|suite| suite.code).collect();
    let hello = Hello::new(version, codes, dialer.host.clone());
    match dialer.ask(&hello, Until::Hello).await {
        Answer::Flight(flight) => {
            // An older version than asked for is a way of saying no; a suite never offered is none at all.
            let suite = suites.iter().find(|suite| suite.code == flight.hello.suite);
            if flight.hello.version != version {
                return Err(Answer::Closed);
            }
            suite.copied().ok_or(Answer::Garbage)
        }
        answer => Err(answer),
    }
}

/// Asks for SSL 2.0 and returns the names of the ciphers it has.
pub(crate) async fn ask_ssl2(dialer: &Dialer) -> Vec<&'static str> {
    let Ok(mut connection) = dialer.connect().await else { return Vec::new() };
    if connection.send(&ssl2::hello([0x5a; 16])).await.is_err() {
        return Vec::new();
    }
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    // The longest hello of SSL 2.0 is what its header of two bytes can say.
    while bytes.len() < 1 << 15 {
        let Ok(count) = connection.read(&mut buffer).await else { break };
        bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
        if bytes.first().is_some_and(|first| first & 0x80 == 0) {
            break;
        }
        if let Some(kinds) = ssl2::accepted(&bytes) {
            return kinds.iter().map(|kind| kind.name).collect();
        }
    }
    Vec::new()
}
