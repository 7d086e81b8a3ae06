//! What the system's resolver cannot ask of DNS: who may issue certificates, how a site wants to be met, and whether
//! all that is signed.
//!
//! One question to a server that walks the tree itself (RFC 1035). Nothing here follows delegations or checks
//! signatures: whether an answer is proven is the server's word.

mod message;
mod record;
mod servers;
#[cfg(test)]
mod testing;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use bartizan_rules::facts::ServiceRecord;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::{Instant, timeout_at};

use self::message::{Kind, Message};
use self::record::{caa, service};

/// Asks DNS servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dns {
    servers: Vec<SocketAddr>,
    patience: Duration,
}

/// What DNS says of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Names {
    /// The CAA records that count, as zone files write them; `None` when DNS did not answer.
    pub(crate) caa: Option<Vec<String>>,
    /// The HTTPS records (RFC 9460), likewise.
    pub(crate) services: Option<Vec<ServiceRecord>>,
    /// Whether the zone is signed; `None` where the server does not look.
    pub(crate) is_signed: Option<bool>,
}

impl Dns {
    /// Returns one that asks the servers of the system, if it names any.
    pub fn of_system() -> Option<Self> {
        let servers = servers::of_system()?;
        Some(Self::new(servers))
    }

    /// Returns one that asks these servers, the first first.
    pub const fn new(servers: Vec<SocketAddr>) -> Self {
        // As long as resolvers wait before they ask again; what takes longer is not worth the wait for a scan.
        Self { servers, patience: Duration::from_secs(5) }
    }

    /// Returns what there is to know about a host's name.
    pub(crate) async fn names(&self, host: &str) -> Names {
        let host = host.trim_end_matches('.');
        let (caa, services, root) = tokio::join!(self.caa(host), self.ask(host, Kind::Https), self.ask("", Kind::Ns));
        let services_of = |answer: &Message| answer.records.iter().filter_map(|data| service(data)).collect();
        let is_signed = match (&services, root) {
            // The root is signed: whose server does not say so of the root says nothing about anybody.
            (Some(answer), Some(root)) if root.is_authentic => Some(answer.is_authentic),
            _ => None,
        };
        Names { caa, services: services.as_ref().map(services_of), is_signed }
    }

    /// Returns the records that count for a host: its own, or those of the nearest parent that has some (RFC 8659, 3).
    ///
    /// `None` when DNS did not answer, so that silence is never taken for absence.
    async fn caa(&self, host: &str) -> Option<Vec<String>> {
        let mut name = host;
        // A name has at most 127 labels (RFC 1035, 2.3.4).
        for _ in 0..127 {
            let answer = self.ask(name, Kind::Caa).await?;
            let records: Vec<_> = answer.records.iter().filter_map(|data| caa(data)).collect();
            match name.split_once('.') {
                Some((_, parent)) if records.is_empty() => name = parent,
                _ => return Some(records),
            }
        }
        None
    }

    /// Asks one server after the other until one answers.
    async fn ask(&self, name: &str, kind: Kind) -> Option<Message> {
        let share = self.patience / u32::try_from(self.servers.len().max(1)).unwrap_or(1);
        for server in &self.servers {
            let until = Instant::now() + share;
            let mut id = [0; 2];
            getrandom::fill(&mut id).ok()?;
            let question = message::question(id, name, kind)?;
            let answer = timeout_at(until, over_udp(*server, &question)).await.ok().flatten();
            let answer = match answer {
                // It did not fit into a datagram (RFC 1035, 4.2.1).
                Some(answer) if answer.is_cut => timeout_at(until, over_tcp(*server, &question)).await.ok().flatten(),
                answer => answer,
            };
            if let Some(answer) = answer.filter(Message::is_answer) {
                return Some(answer);
            }
        }
        None
    }
}

/// An answer to a question that was asked, and data of records; for [`crate::fuzzing`].
pub(crate) fn fuzz(bytes: &[u8]) {
    if let Some(question) = message::question([0, 7], "app.example", Kind::Caa)
        && let Some(answer) = message::parse(bytes, &question)
    {
        assert!(answer.records.iter().map(Vec::len).sum::<usize>() <= bytes.len());
    }
    let _ = (caa(bytes), service(bytes));
}

async fn over_udp(server: SocketAddr, question: &[u8]) -> Option<Message> {
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await.ok()?;
    socket.connect(server).await.ok()?;
    socket.send(question).await.ok()?;
    let mut buffer = [0; message::LARGEST_DATAGRAM];
    loop {
        let length = socket.recv(&mut buffer).await.ok()?;
        // What answers another question was sent by somebody who guesses.
        if let Some(answer) = message::parse(buffer.get(..length)?, question) {
            return Some(answer);
        }
    }
}

async fn over_tcp(server: SocketAddr, question: &[u8]) -> Option<Message> {
    let mut stream = TcpStream::connect(server).await.ok()?;
    let length = u16::try_from(question.len()).ok()?;
    stream.write_all(&[&length.to_be_bytes()[..], question].concat()).await.ok()?;
    let mut answer = vec![0; usize::from(stream.read_u16().await.ok()?)];
    stream.read_exact(&mut answer).await.ok()?;
    message::parse(&answer, question)
}

#[cfg(test)]
mod tests {
    use super::testing::{Say, serve};
    use super::*;

    const ISSUE: &[u8] = b"\x00\x05issueca.example";

    #[tokio::test]
    async fn the_records_of_the_nearest_parent_count() {
        for (zone, caa) in [
            (&[("www.app.example", Say::Caa(ISSUE))][..], Some(vec![r#"0 issue "ca.example""#])),
            (&[("app.example", Say::Caa(ISSUE))], Some(vec![r#"0 issue "ca.example""#])),
            (&[("other.example", Say::Caa(ISSUE))], Some(vec![])),
            (&[("app.example", Say::Caa(ISSUE)), ("www.app.example", Say::Cut)], Some(vec![r#"0 issue "ca.example""#])),
            (&[("app.example", Say::Fail)], None), // the server failed: nothing is known
            (&[("app.example", Say::Strange)], None),
        ] {
            let server = serve(zone, false);
            let dns = Dns { patience: Duration::from_millis(500), ..Dns::new(vec![server]) };
            let names = dns.names("www.app.example.").await;
            let expected = caa.map(|records| records.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(names.caa, expected, "{zone:?}");
            assert_eq!(names.is_signed, None, "{zone:?}"); // the server proves nothing
        }
    }

    #[tokio::test]
    async fn a_server_that_proves_tells_who_is_signed() {
        for (signed, is_signed) in [("app.example", Some(true)), ("other.example", Some(false))] {
            let server = serve(&[("", Say::Proven), (signed, Say::Proven)], true);
            assert_eq!(Dns::new(vec![server]).names("app.example").await.is_signed, is_signed, "{signed}");
        }
    }

    #[tokio::test]
    async fn a_service_is_read_and_a_silent_server_passed_over() {
        // Priority 1, no other name, ALPN "h3" and "h2", ECH of one byte.
        let data: &[u8] = b"\x00\x01\x00\x00\x01\x00\x06\x02h3\x02h2\x00\x05\x00\x01x";
        let server = serve(&[("app.example", Say::Https(data))], false);
        let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let dns = Dns { servers: vec![silent.local_addr().unwrap(), server], patience: Duration::from_millis(500) };
        let services = dns.names("app.example").await.services.unwrap();
        let seen: Vec<_> = services.iter().map(|one| (one.priority, one.alpn.join(" "), one.has_ech)).collect();
        assert_eq!(seen, [(1, "h3 h2".to_owned(), true)]);
    }
}
