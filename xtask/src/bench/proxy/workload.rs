//! The jobs that the proxies do, by the names they keep for ever.

use anyhow::{Result, bail};

/// One job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Workload {
    /// Small answers on kept-alive HTTP/1.1 connections.
    H1Small,
    /// Small answers on HTTP/2 streams.
    H2Small,
    /// Large answers on kept-alive HTTP/1.1 connections.
    H1Large,
    /// Large answers on HTTP/2 streams.
    H2Large,
    /// Full handshakes over X25519, one request each.
    Handshake,
    /// Full handshakes over X25519MLKEM768, one request each.
    HandshakePq,
    /// Memory of connections that have asked once and stay.
    Idle,
}

/// How h2load asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Requests {
    pub(super) is_h2: bool,
    pub(super) path: &'static str,
    /// In all; enough for a second of CPU time, of which the clock counts hundredths.
    pub(super) count: u32,
    pub(super) connections: u32,
    /// Streams at a time on each connection.
    pub(super) streams: u32,
}

impl Workload {
    /// All, in the order of the table.
    pub(super) const ALL: [Self; 7] =
        [Self::H1Small, Self::H2Small, Self::H1Large, Self::H2Large, Self::Handshake, Self::HandshakePq, Self::Idle];

    /// Returns the name in rows and on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::H1Small => "h1 TLS 1 KiB",
            Self::H2Small => "h2 TLS 1 KiB",
            Self::H1Large => "h1 TLS 100 KiB",
            Self::H2Large => "h2 TLS 100 KiB",
            Self::Handshake => "handshake",
            Self::HandshakePq => "handshake pq",
            Self::Idle => "idle",
        }
    }

    /// Returns what a value counts.
    pub(super) const fn unit(self) -> &'static str {
        match self {
            Self::H1Small | Self::H2Small | Self::H1Large | Self::H2Large => "µs/request",
            Self::Handshake | Self::HandshakePq => "µs/handshake",
            Self::Idle => "KiB/connection",
        }
    }

    /// Returns the job whose value at the peer this one is compared with.
    pub(super) const fn base(self) -> Self {
        match self {
            // The peers as packaged cannot exchange keys so; their best answer is the classical one.
            Self::HandshakePq => Self::Handshake,
            other => other,
        }
    }

    /// Returns how h2load asks; `None` for the jobs of our own client.
    ///
    /// Both protocols have as many requests in flight, so that batching helps them alike.
    pub(super) const fn requests(self) -> Option<Requests> {
        match self {
            Self::H1Small => Some(Requests { is_h2: false, path: "/1k", count: 100_000, connections: 64, streams: 1 }),
            Self::H2Small => Some(Requests { is_h2: true, path: "/1k", count: 100_000, connections: 8, streams: 8 }),
            Self::H1Large => Some(Requests { is_h2: false, path: "/100k", count: 20_000, connections: 16, streams: 1 }),
            Self::H2Large => Some(Requests { is_h2: true, path: "/100k", count: 20_000, connections: 4, streams: 4 }),
            Self::Handshake | Self::HandshakePq | Self::Idle => None,
        }
    }

    /// Returns the chosen ones in the order of the table; all if none is named.
    pub(super) fn choose(names: &[String]) -> Result<Vec<Self>> {
        if let Some(unknown) = names.iter().find(|name| Self::ALL.iter().all(|it| it.name() != name.as_str())) {
            bail!("no workload is called `{unknown}`; there are: {}", Self::ALL.map(Self::name).join(", "));
        }
        let is_chosen = |it: &Self| names.is_empty() || names.iter().any(|name| name == it.name());
        Ok(Self::ALL.into_iter().filter(is_chosen).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads_are_chosen_by_their_exact_names() {
        for (names, chosen) in [
            (vec![], Some(Workload::ALL.to_vec())),
            (vec!["idle", "handshake"], Some(vec![Workload::Handshake, Workload::Idle])),
            (vec!["h1 TLS 1 KiB"], Some(vec![Workload::H1Small])),
            (vec!["h1 tls 1 kib"], None),
            (vec!["idle", "nothing"], None),
        ] {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            assert_eq!(Workload::choose(&names).ok(), chosen, "{names:?}");
        }
    }
}
