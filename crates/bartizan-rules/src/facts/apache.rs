//! An Apache configuration: its tree, its servers, and what is in force in each.
//!
//! Names of directives and sections are in lower case. Conditions that hold are not in the tree any more.

use std::sync::{Arc, OnceLock};

use super::blocks::{At, Blocks};
use super::declared::{Authority, Declared, Line};
use crate::finding::{Edit, Safety};

/// An Apache configuration.
#[derive(Debug, Clone)]
pub struct Apache {
    blocks: Arc<Blocks>,
    kind: Kind,
    /// Many rules ask for these; they are gathered once.
    declared: OnceLock<Vec<Declared>>,
    header_lines: OnceLock<Vec<Line>>,
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

/// Where visitors are sent.
#[derive(Debug, Clone, Copy)]
pub struct Redirect<'a> {
    /// The directive.
    pub at: At<'a>,
    /// The address.
    pub to: &'a str,
    /// Whether browsers may not remember it, though it only leads to HTTPS.
    pub is_temporary: bool,
}

impl Apache {
    /// Returns what there is to know of a tree.
    pub fn new(blocks: Blocks, kind: Kind) -> Self {
        Self { blocks: Arc::new(blocks), kind, declared: OnceLock::new(), header_lines: OnceLock::new() }
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

    /// Returns the directives of a name.
    pub fn each<'a>(&'a self, name: &'a str) -> impl Iterator<Item = At<'a>> {
        self.blocks.named(name)
    }

    /// Returns the directive of a name that counts for all of the server.
    pub fn last<'a>(&'a self, name: &'a str) -> Option<At<'a>> {
        self.root().last(name)
    }

    /// Returns the servers.
    pub fn servers(&self) -> impl Iterator<Item = Server<'_>> {
        let hosts: Vec<_> = self.each("virtualhost").map(|at| Server { at, is_only: false }).collect();
        let main = (hosts.is_empty() && self.is_whole()).then(|| Server { at: self.root(), is_only: true });
        hosts.into_iter().chain(main)
    }

    /// Returns the redirects.
    pub fn redirects(&self) -> impl Iterator<Item = Redirect<'_>> {
        self.blocks.all().filter_map(|node| self.redirect(node))
    }

    fn redirect<'a>(&self, node: At<'a>) -> Option<Redirect<'a>> {
        let to = node.args().find(|arg| arg.starts_with("http://") || arg.starts_with("https://"))?;
        let is_temporary = match node.name() {
            "redirecttemp" => true,
            "redirectpermanent" => false,
            "redirect" | "redirectmatch" => {
                let status = node.arg(0).unwrap_or_default().to_ascii_lowercase();
                !matches!(&*status, "permanent" | "gone" | "301" | "308" | "410")
            }
            "rewriterule" => {
                !flags(node).iter().any(|flag| matches!(&*flag.to_ascii_lowercase(), "r=301" | "r=308" | "r=permanent"))
            }
            _ => return None,
        };
        let is_redirect = !node.is("rewriterule")
            || flags(node)
                .iter()
                .any(|flag| flag.eq_ignore_ascii_case("r") || flag.to_ascii_lowercase().starts_with("r="));
        let server = node.within("virtualhost").map(|at| Server { at, is_only: false });
        let asks = |cond: At<'_>| {
            cond.args().any(|arg| arg.to_ascii_uppercase().contains("HTTPS") || arg.contains("SERVER_PORT"))
        };
        let is_asked = node.parent().is_some_and(|scope| scope.each("rewritecond").any(asks));
        let is_upgrade = is_asked || server.is_some_and(|server| server.is_plain() && !server.is_tls());
        is_redirect.then_some(Redirect { at: node, to, is_temporary: is_temporary && is_upgrade })
    }

    /// Whether only some may reach what a section does.
    pub fn is_guarded(&self, node: At<'_>) -> bool {
        let Some(section) = node.parent().filter(|section| !section.is_root()) else { return false };
        let narrows = |child: At<'_>| match child.name() {
            "require" => !(child.says("all") && child.arg(1).is_some_and(|arg| arg.eq_ignore_ascii_case("granted"))),
            "deny" | "requireall" | "requireany" => true,
            _ => false,
        };
        section.children().any(narrows)
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
        self.declared.get_or_init(|| self.gather_declared())
    }

    fn gather_declared(&self) -> Vec<Declared> {
        let servers = self.servers().filter(|server| server.is_tls());
        servers
            .map(|server| {
                let mut lines: Vec<Line> = Vec::new();
                let scopes: Vec<_> = server.at.scopes().collect();
                for node in scopes.into_iter().rev().flat_map(|scope| scope.each("header")) {
                    self.follow(node, &mut lines);
                }
                let has_pages = !server.redirects();
                Declared {
                    authority: Authority::Apache,
                    has_pages,
                    lines,
                    blocks: Arc::clone(&self.blocks),
                    node: server.at.id(),
                }
            })
            .collect()
    }

    /// What is set later replaces what was set before, and `unset` takes it away.
    fn follow(&self, node: At<'_>, lines: &mut Vec<Line>) {
        let (action, rest) = action(node);
        let name = node.arg(rest).unwrap_or_default().to_ascii_lowercase();
        match &*action.to_ascii_lowercase() {
            "unset" => lines.retain(|line| line.name != name),
            "set" | "setifempty" => {
                lines.retain(|line| line.name != name);
                lines.extend(self.line(node));
            }
            _ => lines.extend(self.line(node)),
        }
    }

    /// Returns every header line that is set.
    pub fn header_lines(&self) -> &[Line] {
        self.header_lines.get_or_init(|| self.each("header").filter_map(|node| self.line(node)).collect())
    }

    fn line(&self, node: At<'_>) -> Option<Line> {
        let (action, rest) = action(node);
        if !matches!(&*action.to_ascii_lowercase(), "set" | "append" | "add" | "merge" | "setifempty") {
            return None;
        }
        Some(Line {
            authority: Authority::Apache,
            name: node.arg(rest)?.trim_end_matches(':').to_ascii_lowercase(),
            value: node.arg(rest + 1)?.to_owned(),
            is_always: node.says("always"),
            blocks: Arc::clone(&self.blocks),
            node: node.id(),
            word: Some(rest + 1),
        })
    }
}

/// What a line does, and which word is the name.
fn action(node: At<'_>) -> (&str, usize) {
    let start = usize::from(node.says("always") || node.says("onsuccess"));
    (node.arg(start).unwrap_or_default(), start + 1)
}

/// The flags of a rewrite.
fn flags(node: At<'_>) -> Vec<&str> {
    let last = node.args().skip(2).find(|arg| arg.starts_with('[') && arg.ends_with(']'));
    last.map(|flags| flags.trim_matches(['[', ']']).split(',').map(str::trim).collect()).unwrap_or_default()
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
        self.at.args().any(|address| is_80(address) || matches!(address, "*" | "_default_"))
    }

    /// Whether it sends all visitors elsewhere.
    pub fn redirects(self) -> bool {
        let is_address =
            |node: At<'_>| node.args().any(|arg| arg.starts_with("https://") || arg.starts_with("http://"));
        self.at.children().any(|node| match node.name() {
            "redirect" | "redirectpermanent" | "redirecttemp" => is_address(node) && node.args().any(|arg| arg == "/"),
            "redirectmatch" | "rewriterule" => is_address(node),
            _ => false,
        })
    }
}

impl Redirect<'_> {
    /// Returns the word to change, and what to, so that the redirect is permanent.
    pub fn permanent(self) -> Option<(usize, String)> {
        match self.at.name() {
            "rewriterule" => {
                let number = self.at.args().position(|arg| arg.starts_with('[') && arg.ends_with(']'))?;
                let is_r = |flag: &&str| flag.eq_ignore_ascii_case("r") || flag.to_ascii_lowercase().starts_with("r=");
                let flags: Vec<_> =
                    flags(self.at).into_iter().map(|flag| if is_r(&flag) { "R=301" } else { flag }).collect();
                Some((number, format!("[{}]", flags.join(","))))
            }
            "redirect" if self.at.arg(0)?.starts_with('/') => Some((0, format!("permanent {}", self.at.arg(0)?))),
            "redirect" => Some((0, "permanent".to_owned())),
            _ => None,
        }
    }
}
