//! An Apache configuration: its tree, its servers, and what is in force in each.
//!
//! Names of directives and sections are in lower case. Conditions that hold are not in the tree any more.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

mod access;
mod contexts;
mod redirect;
mod sections;
mod sent;

pub use self::redirect::Redirect;
use super::blocks::{At, Blocks};
use super::declared::{Declared, Line};
use crate::finding::{Edit, Safety};

/// An Apache configuration.
#[derive(Debug, Clone)]
pub struct Apache {
    blocks: Arc<Blocks>,
    kind: Kind,
    /// Many rules ask for these; they are gathered once.
    declared: OnceLock<Vec<Declared>>,
    header_lines: OnceLock<Vec<Line>>,
    closed: access::Closed,
}

impl PartialEq for Apache {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.blocks == other.blocks
    }
}

impl Eq for Apache {}

/// What kind of file a configuration begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file of a directory.
    Htaccess,
    /// The server's own, or a part of it.
    Server,
}

/// A virtual host, or all of the server where there is none.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    at: At<'a>,
    is_only: bool,
}

impl Apache {
    /// Returns what there is to know of a tree.
    pub fn new(blocks: Blocks, kind: Kind) -> Self {
        let (declared, header_lines) = (OnceLock::new(), OnceLock::new());
        Self { blocks: Arc::new(blocks), kind, declared, header_lines, closed: access::Closed::default() }
    }

    /// Returns the tree.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// Returns the root.
    pub fn root(&self) -> At<'_> {
        self.blocks.root()
    }

    /// Whether it is the file of a directory.
    pub fn is_htaccess(&self) -> bool {
        self.kind == Kind::Htaccess
    }

    /// Whether it is the server's whole configuration, so that what is missing is missing.
    pub fn is_whole(&self) -> bool {
        let has = |name| self.root().each(name).next().is_some();
        !self.is_htaccess() && (has("serverroot") || has("listen"))
    }

    /// Returns the directives of a name; none, where httpd refuses it in the file of a directory.
    pub fn each<'a>(&'a self, name: &'a str) -> impl Iterator<Item = At<'a>> {
        let is_refused = self.is_htaccess() && contexts::is_server_only(name);
        self.blocks.named(name).filter(move |_| !is_refused)
    }

    /// Returns what httpd refuses in the file of a directory.
    pub fn misplaced(&self) -> impl Iterator<Item = At<'_>> {
        self.blocks.all().filter(|node| self.is_htaccess() && contexts::is_server_only(node.name()))
    }

    /// Returns the directive of a name that counts for all of the server.
    pub fn last<'a>(&'a self, name: &'a str) -> Option<At<'a>> {
        self.root().last(name).filter(|_| !(self.is_htaccess() && contexts::is_server_only(name)))
    }

    /// Returns the directives of a name that no later one in the same section replaces.
    pub fn in_force<'a>(&'a self, name: &'a str) -> Vec<At<'a>> {
        let nodes: Vec<_> = self.each(name).collect();
        let mut seen = BTreeSet::new();
        let mut last: Vec<_> = nodes.into_iter().rev().filter(|node| seen.insert(node.parent().map(At::id))).collect();
        last.reverse();
        last
    }

    /// Returns the directives of a name about TLS that are in force: what every server replaces is not.
    pub fn in_force_for_tls<'a>(&'a self, name: &'a str) -> Vec<At<'a>> {
        let all = self.in_force(name);
        let own: BTreeSet<_> = all.iter().filter_map(|node| node.parent()).map(At::id).collect();
        let mut servers = self.servers().filter(|server| server.is_tls()).peekable();
        let is_replaced =
            servers.peek().is_some() && servers.all(|server| own.contains(&server.at.id()) && !server.is_only);
        all.into_iter().filter(|node| !(is_replaced && node.parent().is_some_and(At::is_root))).collect()
    }

    /// Returns the servers.
    pub fn servers(&self) -> impl Iterator<Item = Server<'_>> {
        let hosts: Vec<_> = self.each("virtualhost").map(|at| Server { at, is_only: false }).collect();
        let main = (hosts.is_empty() && self.is_whole()).then(|| Server { at: self.root(), is_only: true });
        hosts.into_iter().chain(main)
    }

    /// Whether only some may reach what a section does.
    pub fn is_guarded(&self, node: At<'_>) -> bool {
        access::is_guarded(self, node)
    }

    /// Whether a section closes what it is for to all, or to all but some.
    pub fn is_closed(&self, section: At<'_>) -> bool {
        access::is_closed(section)
    }

    /// Returns the change that lets only the machine itself reach what a section does.
    pub fn guard(&self, node: At<'_>) -> Option<Edit> {
        let section = node.parent().filter(|section| !section.is_root())?;
        match section.last("require") {
            Some(require) => require.with_words("local", Safety::Safe),
            None => Some(node.with_after("Require local", Safety::Safe)),
        }
    }

    /// Returns the change that adds a line for all of the server.
    pub fn with_line(&self, line: &str, safety: Safety) -> Option<Edit> {
        let main = |node: &At<'_>| node.file_number() == 0;
        let section = self.root().children().filter(main).find(|node| node.is_block());
        match section {
            Some(section) => Some(section.with_before(line, safety)),
            None => self.root().children().rev().find(main).map(|last| last.with_after(line, safety)),
        }
    }

    /// Returns what each server that speaks TLS sends.
    pub fn declared(&self) -> &[Declared] {
        self.declared.get_or_init(|| sent::declared(self))
    }

    /// Returns every header line that is set and not taken back beside it.
    pub fn header_lines(&self) -> &[Line] {
        self.header_lines.get_or_init(|| sent::lines(self))
    }
}

impl<'a> Server<'a> {
    /// Returns its section.
    pub fn at(self) -> At<'a> {
        self.at
    }

    /// Returns the directive that is in force in it.
    pub fn effective(self, name: &'a str) -> Option<At<'a>> {
        self.at.effective(name)
    }

    /// Whether it speaks TLS.
    pub fn is_tls(self) -> bool {
        let is_443 = |address: &str| address.ends_with(":443");
        match self.effective("sslengine") {
            Some(engine) => engine.says("on") || engine.says("optional"),
            None => !self.is_only && self.at.args().any(is_443),
        }
    }

    /// Whether it serves visitors on the port of plain HTTP.
    pub fn is_plain(self) -> bool {
        let is_80 = |address: &str| address == "80" || address.ends_with(":80");
        if self.is_only {
            return self.at.each("listen").any(|listen| listen.arg(0).is_some_and(is_80));
        }
        let is_off = |address: &str| address.ends_with(":443") && !self.is_tls();
        self.at.args().any(|address| is_80(address) || is_off(address) || matches!(address, "*" | "_default_"))
    }

    /// Whether it sends all visitors elsewhere.
    pub fn redirects(self) -> bool {
        redirect::sends_all(self.at)
    }
}
