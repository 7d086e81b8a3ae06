//! What another program does, in our words: sites and their tables, before they are written.
//!
//! The readers fill it in; how a key is spelled in the file is decided by them, and what is written when nothing was
//! said is decided here: the site forgoes what the other program does not do.

use bartizan_rules::facts::blocks::At;

use super::headers::{self, Sent};
use super::written::{Written, quoted};

/// A configuration that is being gathered.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) listen: Vec<String>,
    pub(super) listen_http: Vec<String>,
    /// `[server]`, besides where it listens.
    pub(super) server: Table,
    /// `[server.limits]`.
    pub(super) limits: Table,
    pub(super) sites: Vec<Site>,
    /// What could not be carried over, with its place.
    pub(super) lost: Vec<String>,
}

/// A site that is being gathered.
#[derive(Debug, Default, Clone)]
pub(super) struct Site {
    pub(super) hosts: Vec<String>,
    pub(super) upstreams: Vec<String>,
    /// Whether its pages are served over plain HTTP, too.
    pub(super) is_plain: bool,
    /// `[[site]]`, besides hosts and upstreams.
    pub(super) keys: Table,
    pub(super) https: Table,
    pub(super) tls: Table,
    pub(super) csrf: Table,
    pub(super) cookies: Table,
    pub(super) headers: Vec<Sent>,
    pub(super) errors: Table,
    pub(super) upstream: Table,
    pub(super) upstream_tls: Table,
    pub(super) routes: Vec<Route>,
}

/// A path that is treated otherwise than its site.
#[derive(Debug, Default, Clone)]
pub(super) struct Route {
    pub(super) path: String,
    pub(super) keys: Table,
    /// All headers of the path, if they are others than those of the site.
    pub(super) headers: Option<Vec<Sent>>,
}

/// Keys and their values in TOML, in the order in which they came.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Table(Vec<(String, String)>);

impl Table {
    /// Sets a key to a value that is TOML already; the last word counts.
    pub(super) fn raw(&mut self, key: &str, value: impl Into<String>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, earlier)) => *earlier = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// Sets a key to a text.
    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.raw(key, quoted(value));
    }

    /// Sets a key to a list of texts.
    pub(super) fn list(&mut self, key: &str, values: &[String]) {
        self.raw(key, list(values));
    }

    /// Sets a key where nothing was said.
    pub(super) fn or_raw(&mut self, key: &str, value: &str) {
        if !self.has(key) {
            self.raw(key, value);
        }
    }

    /// Whether a key was set.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| known == key)
    }

    /// Returns what a key was set to, in TOML.
    pub(super) fn value(&self, key: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
    }

    /// Returns the texts of a list that was set.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let read = self.value(key).and_then(|value| format!("it = {value}").parse::<toml::Table>().ok());
        let items = read.as_ref().and_then(|table| table.get("it")).and_then(toml::Value::as_array);
        items.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    /// Whether nothing was set.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn write(&self, name: &str, written: &mut Written) {
        if !self.is_empty() {
            written.table(name);
            self.lines(written);
        }
    }

    fn lines(&self, written: &mut Written) {
        for (key, value) in &self.0 {
            written.raw(key, value);
        }
    }
}

impl Plan {
    /// Says that a directive could not be carried over, and why.
    pub(super) fn lose(&mut self, node: At<'_>, why: &str) {
        self.lost.push(format!("{}: {}: {why}", place(node), shown(node)));
    }

    /// Writes the file.
    pub(super) fn written(mut self) -> Written {
        let mut written = Written::default();
        for lost in &self.lost {
            written.note(lost.clone());
        }
        written.note(FORGONE);
        for list in [&mut self.listen, &mut self.listen_http] {
            one_each(list);
        }
        written.table("[server]");
        written.list("listen", &self.listen).list("listen_http", &self.listen_http);
        self.server.lines(&mut written);
        self.limits.write("[server.limits]", &mut written);
        for site in &mut self.sites {
            site.write(&mut written);
        }
        written
    }
}

/// An address of its own is part of the one for all of its port.
fn one_each(list: &mut Vec<String>) {
    let wide: Vec<String> = list.iter().filter_map(|it| it.strip_prefix("0.0.0.0:").map(str::to_owned)).collect();
    let is_within = |it: &String| {
        let port = it.rsplit_once(':').map_or("", |(_, port)| port);
        !it.starts_with("0.0.0.0:") && !it.starts_with("[::]:") && wide.iter().any(|wide| wide == port)
    };
    // Of IPv6, the one for all keeps what one of them had.
    let is_v6 = |it: &String| it.starts_with('[') && is_within(it);
    let lost: Vec<String> = list
        .iter()
        .filter(|it| is_v6(it))
        .map(|it| format!("[::]:{}", it.rsplit_once(':').map_or("", |(_, port)| port)))
        .collect();
    list.retain(|it| !is_within(it));
    for address in lost {
        if !list.contains(&address) {
            list.push(address);
        }
    }
}

const FORGONE: &str = "The site forgoes what the other program does not do: hardened cookies, checks of foreign forms, \
                       headers that are false below. Remove those lines to have them.";

impl Site {
    fn write(&mut self, written: &mut Written) {
        written.table("[[site]]").list("hosts", &self.hosts).list("upstream", &self.upstreams);
        written.text_value("profile", "compatible");
        self.keys.or_raw("strip", "[]");
        self.keys.lines(written);
        self.https.or_raw("redirect", if self.is_plain { "\"dangerous_plain_http\"" } else { "\"permanent\"" });
        self.https.write("[site.https]", written);
        self.tls.write("[site.tls]", written);
        self.csrf.or_raw("mode", "\"dangerous_off\"");
        self.csrf.write("[site.csrf]", written);
        for (key, value) in
            [("secure", "false"), ("http_only", "false"), ("same_site", "\"keep\""), ("prefix", "false")]
        {
            self.cookies.or_raw(key, value);
        }
        self.cookies.write("[site.cookies]", written);
        written.table("[site.headers]");
        headers::write(&self.headers, None, written);
        for (key, value) in [("replace", "[]"), ("debug_pages", "false"), ("listings", "false")] {
            self.errors.or_raw(key, value);
        }
        self.errors.write("[site.errors]", written);
        self.upstream.write("[site.upstream_options]", written);
        self.upstream_tls.write("[site.upstream_options.tls]", written);
        for route in &self.routes {
            written.table("[[site.route]]").text_value("path", &route.path);
            route.keys.lines(written);
            if let Some(own) = &route.headers {
                written.table("[site.route.headers]");
                headers::write(own, Some(&self.headers), written);
            }
        }
    }

    /// Returns the route of a path, made where there is none.
    pub(super) fn route(&mut self, path: &str) -> &mut Route {
        let found = self.routes.iter().position(|route| route.path == path);
        let number = found.unwrap_or_else(|| {
            self.routes.push(Route { path: path.to_owned(), ..Route::default() });
            self.routes.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "the number was found or pushed above")]
        &mut self.routes[number]
    }
}

/// Returns a list of texts as TOML writes it.
pub(super) fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

/// Returns a time as we write it.
pub(super) fn duration(milliseconds: u64) -> String {
    if milliseconds.is_multiple_of(1_000) { format!("{}s", milliseconds / 1_000) } else { format!("{milliseconds}ms") }
}

/// Returns where a directive stands, as `file:line`.
pub(super) fn place(node: At<'_>) -> String {
    let place = node.place(0..0);
    format!("{}:{}", place.path, node.line())
}

/// Returns a directive as it is written, without its block and not longer than a line.
fn shown(node: At<'_>) -> String {
    let words = std::iter::once(node.name()).chain(node.args()).collect::<Vec<_>>().join(" ");
    let mut short: String = words.chars().take(LONGEST).collect();
    if short.len() < words.len() {
        short.push('…');
    }
    short
}

/// As much of a directive as tells which one it is.
const LONGEST: usize = 80;
