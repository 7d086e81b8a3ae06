//! Two old faults of OpenSSL, asked about so that a server which has them gives away next to nothing.

use crate::tls::connection::{Answer, Dialer, Until};
use crate::tls::version::Version;
use crate::tls::wire::deframer::{CHANGE_CIPHER_SPEC, Event};
use crate::tls::wire::flight::Flight;
use crate::tls::wire::hello::{Extra, Hello, record};

/// Whether the server answers a heartbeat with more than was sent (CVE-2014-0160).
///
/// Only a server that offers heartbeats, as its first flight shows, is asked, and for 16 bytes.
pub(crate) async fn heartbleed(dialer: &Dialer, version: Version, suites: &[u16], flight: &Flight) -> Option<bool> {
    if flight.hello.extension(15).is_none() {
        return Some(false);
    }
    let mut hello = Hello::new(version, suites.to_vec(), dialer.host.clone());
    hello.extras = &[Extra::Heartbeat];
    let (mut connection, _) = dialer.greet(&hello, Until::Done).await.ok()?;
    connection.send(&record(HEARTBEAT, version, &[1, 0, 16])).await.ok()?;
    match connection.next().await {
        Ok(Event::Record(HEARTBEAT, body)) => Some(body.len() > 3),
        Ok(_) | Err(Answer::Silent | Answer::Closed) => Some(false),
        Err(_) => None,
    }
}

/// Whether the server changes keys before there are any (CVE-2014-0224).
///
/// One that does so fails to decrypt what follows; all others object to the change itself.
pub(crate) async fn early_ccs(dialer: &Dialer, version: Version, suites: &[u16]) -> Option<bool> {
    let hello = Hello::new(version, suites.to_vec(), dialer.host.clone());
    let (mut connection, _) = dialer.greet(&hello, Until::Done).await.ok()?;
    let mut early = record(CHANGE_CIPHER_SPEC, version, &[1]);
    early.extend(record(APPLICATION_DATA, version, &[0, 0]));
    connection.send(&early).await.ok()?;
    match connection.next().await {
        Ok(Event::Alert(_, description)) => Some(description == BAD_RECORD_MAC),
        Ok(_) | Err(Answer::Closed | Answer::Silent) => Some(false),
        Err(_) => None,
    }
}

const APPLICATION_DATA: u8 = 23;
const HEARTBEAT: u8 = 24;
const BAD_RECORD_MAC: u8 = 20;
