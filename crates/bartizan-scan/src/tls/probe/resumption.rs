//! Are sessions of TLS 1.2 and below resumed, by number and by ticket; and does the server renegotiate or leak?
//!
//! A session is worth keeping only once its handshake is over, so one is gone through for each way.

use bartizan_rules::facts::handshake::{Resumed, Resumption};

use crate::tls::client;
use crate::tls::connection::{Answer, Dialer, Until};
use crate::tls::suites;
use crate::tls::version::Version;
use crate::tls::wire::hello::{Extra, Hello};

/// What whole handshakes showed.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) resumption: Resumption,
    /// Whether the server begins anew when a client asks.
    pub(crate) renegotiates: Option<bool>,
    /// Whether it repeats more of a session's number than it was told (CVE-2016-9244).
    pub(crate) ticketbleed: Option<bool>,
}

/// Goes through handshakes and resumes them.
pub(crate) async fn ask(dialer: &Dialer, version: Version, accepted: &[u16]) -> Seen {
    let Some(hello) = possible(dialer, version, accepted) else { return Seen::default() };
    let (by_id, by_ticket) = tokio::join!(by_id(dialer, &hello), by_ticket(dialer, &hello));
    let Some(by_ticket) = by_ticket else {
        return Seen { resumption: Resumption { by_id, ..Resumption::default() }, ..Seen::default() };
    };
    let resumption = Resumption { by_id, by_ticket: Some(by_ticket.resumed), ticket_lifetime: by_ticket.lifetime };
    Seen { resumption, renegotiates: by_ticket.renegotiates, ticketbleed: by_ticket.bleeds }
}

/// Returns a hello with what the server accepts and this client can go through with.
fn possible(dialer: &Dialer, version: Version, accepted: &[u16]) -> Option<Hello> {
    let can = |code: &&u16| suites::by_code(**code).is_some_and(client::can);
    let suites: Vec<u16> = accepted.iter().filter(can).copied().collect();
    if suites.is_empty() || version < Version::Tls10 {
        return None;
    }
    let mut hello = Hello::new(version, suites, dialer.host.clone());
    hello.groups = client::kx_groups().iter().map(|group| u16::from(group.name())).collect();
    hello.extras = &[Extra::ExtendedMasterSecret, Extra::Renegotiation];
    Some(hello)
}

async fn by_id(dialer: &Dialer, hello: &Hello) -> Option<Resumed> {
    let session = client::complete(dialer, hello).await?;
    let id = session.id.clone();
    drop(session);
    if id.is_empty() {
        return Some(Resumed::Never);
    }
    let again = Hello { session: id, ..hello.clone() };
    Some(attempts(dialer, &again).await)
}

/// What the session with a ticket showed.
struct ByTicket {
    resumed: Resumed,
    lifetime: Option<u32>,
    renegotiates: Option<bool>,
    bleeds: Option<bool>,
}

async fn by_ticket(dialer: &Dialer, hello: &Hello) -> Option<ByTicket> {
    let asking = Hello { ticket: Some(Vec::new()), ..hello.clone() };
    let mut session = client::complete(dialer, &asking).await?;
    let ticket = session.ticket.take().filter(|(_, ticket)| !ticket.is_empty());
    // The same connection serves both: what a ticket is good for does not depend on how a session ends.
    let renegotiates = session.renegotiates(hello).await;
    let Some((lifetime, ticket)) = ticket else {
        return Some(ByTicket { resumed: Resumed::Never, lifetime: None, renegotiates, bleeds: Some(false) });
    };
    // The server repeats a number that it does not know only if it took the ticket (RFC 5077, 3.4).
    let again = Hello { ticket: Some(ticket), session: vec![0x5a; 32], ..hello.clone() };
    let resumed = attempts(dialer, &again).await;
    // A number of one byte; a server that takes it for 32 sends 31 bytes of its memory with it.
    let short = Hello { session: vec![0x5a], ..again };
    let bleeds = match dialer.ask(&short, Until::Hello).await {
        Answer::Flight(flight) => Some(flight.hello.session.len() > 1 && flight.hello.session.starts_with(&[0x5a])),
        Answer::Refused(_) | Answer::Closed => Some(false),
        Answer::Garbage | Answer::Silent | Answer::Unreachable => None,
    };
    Some(ByTicket { resumed, lifetime: Some(lifetime), renegotiates, bleeds })
}

/// Tries a few times: servers behind one name may not share what they keep.
async fn attempts(dialer: &Dialer, hello: &Hello) -> Resumed {
    let mut count = 0;
    for _ in 0..ATTEMPTS {
        if let Answer::Flight(flight) = dialer.ask(hello, Until::Hello).await
            && flight.hello.session == hello.session
        {
            count += 1;
        }
    }
    match count {
        0 => Resumed::Never,
        ATTEMPTS => Resumed::Always,
        _ => Resumed::Sometimes,
    }
}

/// Enough to meet a second server half of the time, and no burden.
const ATTEMPTS: usize = 3;
