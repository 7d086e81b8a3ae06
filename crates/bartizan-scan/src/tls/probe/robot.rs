//! Does the server tell wrong padding from right (ROBOT, USENIX Security 2018)?
//!
//! Five secrets, one padded well and four not, are sent under the server's key; whoever cannot tell
//! them apart answers all alike. No more is asked than that: nothing is decrypted by way of it.

use bartizan_rules::facts::handshake::Robot;

use crate::tls::client::rsa::PublicKey;
use crate::tls::connection::{Answer, Connection, Dialer, Until};
use crate::tls::version::Version;
use crate::tls::wire::deframer::{CHANGE_CIPHER_SPEC, Event, HANDSHAKE};
use crate::tls::wire::hello::{Hello, record};
use crate::wire::put_vector;

/// What the server's answers tell; `None` if it asks for a certificate or the answers cannot be had.
pub(crate) async fn ask(dialer: &Dialer, version: Version, suites: &[u16]) -> Option<Robot> {
    if suites.is_empty() {
        return Some(Robot::NotOffered);
    }
    let first = round(dialer, version, suites).await?;
    if is_uniform(&first) {
        return Some(Robot::Silent);
    }
    // A difference counts only if it is there each time.
    for _ in 0..2 {
        if round(dialer, version, suites).await? != first {
            return Some(Robot::Unsteady);
        }
    }
    Some(verdict(&first))
}

/// What an answer was, as far as two can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reply {
    Alert(u8, u8),
    Closed,
    Silent,
    Other,
}

/// The secrets, by what is wrong with their padding.
const FAULTS: [Fault; 5] = [Fault::None, Fault::FirstBytes, Fault::ZeroTooLate, Fault::NoZero, Fault::Version];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    FirstBytes,
    ZeroTooLate,
    NoZero,
    Version,
}

async fn round(dialer: &Dialer, version: Version, suites: &[u16]) -> Option<[Reply; 5]> {
    let mut replies = [Reply::Other; 5];
    for (reply, fault) in replies.iter_mut().zip(FAULTS) {
        let hello = Hello::new(version, suites.to_vec(), dialer.host.clone());
        let (connection, flight) = dialer.greet(&hello, Until::Done).await.ok()?;
        if flight.asks_certificate {
            return None;
        }
        let key = PublicKey::of(flight.certificates.first()?)?;
        *reply = send(connection, version, &key, fault).await?;
    }
    Some(replies)
}

async fn send(mut connection: Connection<'_>, version: Version, key: &PublicKey, fault: Fault) -> Option<Reply> {
    let mut message = vec![16];
    let mut body = Vec::new();
    put_vector(&mut body, 2, &key.raise(&padded(key.length, version, fault)?));
    put_vector(&mut message, 3, &body);
    let mut out = record(HANDSHAKE, version, &message);
    out.extend(record(CHANGE_CIPHER_SPEC, version, &[1]));
    // A Finished that no key fits: it fails whatever the secret was, and only how it fails may differ.
    out.extend(record(HANDSHAKE, version, &[0x5a; 80]));
    connection.send(&out).await.ok()?;
    Some(match connection.next().await {
        Ok(Event::Alert(level, description)) => Reply::Alert(level, description),
        Ok(_) => Reply::Other,
        Err(Answer::Silent) => Reply::Silent,
        Err(_) => Reply::Closed,
    })
}

/// Returns a padded secret as long as the key (RFC 8017, 7.2.1), with a fault in it.
fn padded(length: usize, version: Version, fault: Fault) -> Option<Vec<u8>> {
    let padding = length.checked_sub(48 + 3)?;
    let [major, minor] = version.wire().to_be_bytes();
    // 0x41 is still below any modulus of this length, whose first bit is set.
    let mut message = if fault == Fault::FirstBytes { vec![0x41, 0x17] } else { vec![0, 2] };
    message.resize(padding + 2, 0x5a);
    let secret = [0x11; 46];
    match fault {
        Fault::None | Fault::FirstBytes => message.extend([0, major, minor]),
        Fault::Version => message.extend([0, 2, 2]),
        Fault::NoZero => message.extend([0x11, 0x11, 0x11]),
        Fault::ZeroTooLate => message.push(0x11),
    }
    message.extend(secret);
    if fault == Fault::ZeroTooLate {
        message.extend([0, 0x11]);
    }
    Some(message)
}

fn is_uniform(replies: &[Reply]) -> bool {
    replies.windows(2).all(|pair| pair.first() == pair.last())
}

fn verdict(replies: &[Reply; 5]) -> Robot {
    let [_, wrong @ .., _] = replies;
    // Only if kinds of wrong padding can be told apart is the attack practical.
    if is_uniform(wrong) { Robot::Weak } else { Robot::Strong }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_is_as_long_as_the_key() {
        for fault in FAULTS {
            assert_eq!(padded(256, Version::Tls12, fault).map(|message| message.len()), Some(256), "{fault:?}");
        }
        assert_eq!(padded(40, Version::Tls12, Fault::None), None);
    }

    #[test]
    fn differences_make_the_verdict() {
        let (a, b) = (Reply::Alert(2, 20), Reply::Closed);
        assert!(is_uniform(&[a; 5]));
        assert_eq!(verdict(&[a, b, b, b, a]), Robot::Weak);
        assert_eq!(verdict(&[a, b, a, b, a]), Robot::Strong);
    }
}
