//! Which application protocols does the server choose? Asked below TLS 1.3, which answers encrypted.

use crate::tls::connection::{Answer, Dialer, Until};
use crate::tls::version::Version;
use crate::tls::wire::hello::Hello;

/// What to offer, all first and then what is left.
pub(crate) static OFFERS: &[&[&str]] = &[&["h2", "http/1.1"], &["http/1.1"]];

/// Asks a version, with the suites it accepts.
pub(crate) async fn ask(dialer: &Dialer, version: Version, suites: &[u16]) -> Vec<String> {
    let mut found = Vec::new();
    for offer in OFFERS {
        let mut hello = Hello::new(version, suites.to_vec(), dialer.host.clone());
        hello.alpn = offer;
        let Answer::Flight(flight) = dialer.ask(&hello, Until::Hello).await else { break };
        note(&mut found, offer, flight.hello.alpn());
        if found.len() != 1 || found.first().is_some_and(|name| name != "h2") {
            break;
        }
    }
    found
}

/// Adds what was chosen, if it was offered and is new.
pub(crate) fn note(found: &mut Vec<String>, offer: &[&str], chosen: Option<&[u8]>) {
    let name = offer.iter().find(|name| Some(name.as_bytes()) == chosen);
    found.extend(
        name.filter(|name| !found.iter().any(|known| known == *name))
            .map(|name| (*name).to_owned())
            .into_iter()
            .collect::<Vec<_>>(),
    );
}
