//! Web servers: what each listens on, whether it speaks TLS, and where it sends visitors.

use super::super::blocks::{At, NodeId};
use super::{Nginx, Peer};

/// A block `server`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server<'a> {
    /// Its block.
    pub at: At<'a>,
    is_tls: bool,
}

/// A web server, by the number of its block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    block: NodeId,
    is_tls: bool,
}

/// Where a server sends its visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirect<'a> {
    /// The directive.
    pub at: At<'a>,
    /// Its status.
    pub status: u16,
    /// The address.
    pub to: &'a str,
}

impl Nginx {
    /// Returns the web servers: in `http`, or in a part that is included there.
    pub fn servers(&self) -> impl Iterator<Item = Server<'_>> {
        let known = self.servers.get_or_init(|| self.gather_servers());
        known.iter().map(|known| Server { at: self.blocks.at(known.block), is_tls: known.is_tls })
    }

    fn gather_servers(&self) -> Vec<Known> {
        let is_whole = self.http().is_some();
        let is_web = |node: &At<'_>| {
            let parent = node.parent().filter(|_| node.is_block());
            parent.is_some_and(|parent| parent.is("http") || (parent.is_root() && !is_whole))
        };
        let servers = self.each("server").filter(is_web);
        servers.map(|server| Known { block: server.id(), is_tls: is_tls(server) }).collect()
    }

    /// Returns the servers that gixy-ng takes to speak TLS: wherever in the first `http` they stand.
    pub fn secure_for_ng(&self) -> impl Iterator<Item = At<'_>> {
        let known = self.secure_for_ng.get_or_init(|| self.gather_secure_for_ng());
        known.iter().map(|block| self.blocks.at(*block))
    }

    fn gather_secure_for_ng(&self) -> Vec<NodeId> {
        let ng = self.reader(Peer::Ng);
        let is_secure = |listen: At<'_>| listen.args().any(|arg| arg.contains("ssl") || arg.contains("443"));
        let Some(http) = self.http().filter(|http| ng.sees(*http)) else { return Vec::new() };
        let servers = self.each("server").filter(|server| server.is_block() && ng.sees(*server));
        servers
            .filter(|server| server.parents().any(|around| around == http) && ng.find(*server, "listen").any(is_secure))
            .map(At::id)
            .collect()
    }
}

fn is_tls(server: At<'_>) -> bool {
    let is_secure = |listen: At<'_>| listen.args().skip(1).any(|arg| matches!(arg, "ssl" | "quic" | "http3"));
    let is_on = server.effective("ssl").is_some_and(|ssl| ssl.says("on"));
    (is_on || server.each("listen").any(is_secure))
        && !server.effective("ssl_reject_handshake").is_some_and(|it| it.says("on"))
}

impl<'a> Server<'a> {
    /// Returns what it listens on.
    pub fn listens(self) -> impl Iterator<Item = At<'a>> {
        self.at.each("listen")
    }

    /// Whether it speaks TLS to anybody.
    pub const fn is_tls(self) -> bool {
        self.is_tls
    }

    /// Whether it speaks plain HTTP to visitors on the usual port.
    pub fn is_plain(self) -> bool {
        let is_plain = |listen: At<'_>| {
            let address = listen.arg(0).unwrap_or_default();
            let is_80 = address == "80"
                || address.ends_with(":80")
                || (!address.contains(':') && address.parse::<u16>().is_err());
            let is_local = ["127.", "[::1]", "localhost", "unix:"].iter().any(|start| address.starts_with(start));
            is_80 && !is_local && !listen.args().any(|arg| arg == "ssl")
        };
        self.listens().count() == 0 || self.listens().any(is_plain)
    }

    /// Whether it has a name that visitors know.
    pub fn is_named(self) -> bool {
        self.at.each("server_name").flat_map(At::args).any(|name| name.contains('.') && !name.starts_with('~'))
    }

    /// Returns the redirects that it answers all of its visitors, or those of its root, with.
    pub fn redirects(self) -> impl Iterator<Item = Redirect<'a>> {
        let is_all = |location: &At<'_>| matches!(location.args().next_back(), Some("/" | "^" | "^/" | ".*"));
        let scopes = std::iter::once(self.at).chain(self.at.each("location").filter(is_all));
        let conditional = |scope: At<'a>| std::iter::once(scope).chain(scope.each("if"));
        scopes.flat_map(conditional).flat_map(At::children).filter_map(redirect)
    }

    /// Whether it answers all visitors by itself, without a file or an app.
    pub fn only_returns(self) -> bool {
        let is_all = |location: &At<'_>| matches!(location.args().next_back(), Some("/"));
        self.at.each("return").next().is_some()
            || self.at.each("location").filter(is_all).any(|location| location.each("return").next().is_some())
            || self.at.each("rewrite").any(|rewrite| redirect(rewrite).is_some())
    }
}

fn redirect(node: At<'_>) -> Option<Redirect<'_>> {
    match node.name() {
        "return" => {
            let (status, to) = match node.words().len() {
                1 => (302, node.arg(0)?),
                _ => (node.arg(0)?.parse().ok()?, node.arg(1)?),
            };
            (is_address(to) && (300..400).contains(&status)).then_some(Redirect { at: node, status, to })
        }
        "rewrite" => {
            let (to, flag) = (node.arg(1)?, node.arg(2));
            let status = if flag == Some("permanent") { 301 } else { 302 };
            let is_redirect = is_address(to) && !matches!(flag, Some("last" | "break"));
            is_redirect.then_some(Redirect { at: node, status, to })
        }
        _ => None,
    }
}

fn is_address(to: &str) -> bool {
    ["http://", "https://", "$scheme://"].iter().any(|start| to.starts_with(start))
}
