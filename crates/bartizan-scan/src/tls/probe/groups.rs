//! Which groups does the server take for the exchange of keys?

use crate::tls::connection::{Answer, Dialer, Until};
use crate::tls::groups::{self, Group, USUAL};
use crate::tls::version::Version;
use crate::tls::wire::hello::Hello;
use crate::tls::wire::key_exchange::Share;

/// What a version takes.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    /// In the order in which the server took them.
    pub(crate) groups: Vec<&'static Group>,
    /// The curves it takes alone, as a client that knows no other meets it.
    ///
    /// Up to TLS 1.2 the list of groups also says which curves a certificate may be on (RFC 8422, 5.1);
    /// a server with an ECDSA certificate so refuses any single curve but that of its key.
    pub(crate) alone: Vec<&'static Group>,
}

/// Asks a version for all groups, with the suites that it accepts.
pub(crate) async fn ask(dialer: &Dialer, version: Version, suites: &[u16], certificate: Option<u16>) -> Accepted {
    let mut accepted = Accepted::default();
    if suites.is_empty() {
        return accepted;
    }
    let kept = certificate.filter(|_| version < Version::Tls13);
    let mut rest: Vec<u16> =
        groups::GROUPS.iter().filter(|group| group.is_for(version)).map(|group| group.code).collect();
    // Last, so that it is chosen only when nothing else is left.
    rest.sort_by_key(|code| Some(*code) == kept);
    while let Some(code) = pick(dialer, version, suites, &rest).await {
        accepted.groups.extend(groups::by_code(code));
        rest.retain(|known| *known != code);
        if Some(code) == kept {
            break;
        }
    }
    if pick(dialer, version, suites, USUAL).await.is_none() {
        return accepted;
    }
    for group in &accepted.groups {
        if kept.is_none() || pick(dialer, version, suites, &[group.code]).await == Some(group.code) {
            accepted.alone.push(group);
        }
    }
    accepted
}

/// Returns the group that the server takes of some.
async fn pick(dialer: &Dialer, version: Version, suites: &[u16], groups: &[u16]) -> Option<u16> {
    if groups.is_empty() {
        return None;
    }
    let mut hello = Hello::new(version, suites.to_vec(), dialer.host.clone());
    hello.groups = groups.to_vec();
    let Answer::Flight(flight) = dialer.ask(&hello, Until::Done).await else { return None };
    let group = match flight.key_exchange.map(|exchange| exchange.share) {
        Some(Share::Curve(group, _)) => Some(group),
        Some(Share::Prime(..)) => None,
        None => flight.hello.group(),
    };
    group.filter(|group| flight.hello.version == version && groups.contains(group))
}
