//! Web servers: what each listens on, whether it speaks TLS, and where it sends visitors.

use super::super::blocks::At;

/// A block `server`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server<'a> {
    /// Its block.
    pub at: At<'a>,
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

impl<'a> Server<'a> {
    pub(super) const fn new(at: At<'a>) -> Self {
        Self { at }
    }

    /// Returns what it listens on.
    pub fn listens(self) -> impl Iterator<Item = At<'a>> {
        self.at.each("listen")
    }

    /// Whether it speaks TLS to anybody.
    pub fn is_tls(self) -> bool {
        let is_secure = |listen: At<'_>| listen.args().skip(1).any(|arg| matches!(arg, "ssl" | "quic" | "http3"));
        let is_on = self.at.effective("ssl").is_some_and(|ssl| ssl.says("on"));
        (is_on || self.listens().any(is_secure))
            && !self.at.effective("ssl_reject_handshake").is_some_and(|it| it.says("on"))
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
            || self.redirects().any(|redirect| redirect.at.is("rewrite") && redirect.at.parent() == Some(self.at))
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
