//! A configuration of KrakenD.

use super::node::{Entry, Node};

/// A configuration of KrakenD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Krakend {
    /// The whole file.
    pub root: Node,
}

/// The names of the block that sets security headers: the one that is documented, and the one of old.
pub const SECURE: [&str; 2] = ["security/http", "github_com/devopsfaith/krakend-httpsecure"];
/// The names of the block for client credentials: the one of today, and the one of old.
pub const CREDENTIALS: [&str; 2] =
    ["auth/client-credentials", "github.com/devopsfaith/krakend-oauth2-clientcredentials"];

impl Krakend {
    /// Returns the block of security headers that counts: the one at the root of the service.
    pub fn secure(&self) -> Option<&Entry> {
        named(&self.root, &SECURE)
    }

    /// Returns blocks of security headers where they are ignored: at endpoints and backends.
    pub fn misplaced(&self) -> impl Iterator<Item = &Entry> {
        let endpoints = self.endpoints();
        endpoints.iter().flat_map(|endpoint| {
            let backends = endpoint.get("backend").map(Node::items).unwrap_or_default();
            std::iter::once(endpoint).chain(backends).filter_map(|place| named(place, &SECURE))
        })
    }

    /// Returns the blocks for client credentials.
    pub fn credentials(&self) -> impl Iterator<Item = &Entry> {
        self.backends().filter_map(|backend| named(backend, &CREDENTIALS))
    }

    /// Returns the endpoints.
    pub fn endpoints(&self) -> &[Node] {
        self.root.get("endpoints").map(Node::items).unwrap_or_default()
    }

    /// Returns the backends of all endpoints.
    pub fn backends(&self) -> impl Iterator<Item = &Node> {
        self.endpoints().iter().flat_map(|endpoint| endpoint.get("backend").map(Node::items).unwrap_or_default())
    }
}

fn named<'n>(place: &'n Node, names: &[&str]) -> Option<&'n Entry> {
    let extra = place.get("extra_config")?;
    names.iter().find_map(|name| extra.entry(name))
}
