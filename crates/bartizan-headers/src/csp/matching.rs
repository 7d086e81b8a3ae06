//! Whether a policy lets an address be loaded (CSP3, 6.7.2), as Chromium decides where it departs from the text.
//!
//! Nonces, hashes and what loaded a script are not part of an address: a policy that allows by them alone blocks here.

use percent_encoding::percent_decode_str;
use url::Url;

use super::source::{HostSource, Keyword, Port, Source, SourceHost};
use super::{DirectiveName, Policy, PolicyList};

/// Something that a page wants to load.
#[derive(Debug, Clone, Copy)]
pub struct Load<'a> {
    /// The directive that speaks for what it is, such as `img-src`.
    pub directive: &'a DirectiveName,
    /// Where it comes from in the end.
    pub url: &'a Url,
    /// Where it was asked for first, if that answered with a redirect.
    pub redirected_from: Option<&'a Url>,
    /// The address of the page; only its origin counts.
    pub page: &'a Url,
}

/// How an address relates to the one that was asked for (CSP3, 6.7.2.8: a redirect must not tell paths).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Path {
    Counts,
    IsIgnored,
}

/// How well one part of a source fits: upgrades must go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It is the same.
    Exact,
    /// The address is the more secure form of what the source says.
    Upgrade,
    /// The source leaves it open.
    Open,
}

impl PolicyList {
    /// Whether any of the policies blocks the load.
    pub fn blocks(&self, load: Load<'_>) -> bool {
        self.policies.iter().any(|policy| policy.blocks(load))
    }
}

impl Policy {
    /// Whether the policy blocks the load.
    pub fn blocks(&self, load: Load<'_>) -> bool {
        let Some(directive) = self.effective(load.directive) else { return false };
        let sources = directive.value.sources();
        // An empty frame inherits the page's policy and asks no server.
        if is_frame(load.directive) && load.url.scheme() == "about" {
            return false;
        }
        match load.redirected_from {
            None => !allows(sources, load, load.url, Path::Counts),
            Some(first) => {
                !allows(sources, load, first, Path::Counts) || !allows(sources, load, load.url, Path::IsIgnored)
            }
        }
    }
}

impl Source {
    /// Whether the source allows an address for a page.
    pub fn allows(&self, url: &Url, page: &Url) -> bool {
        matches(self, url, page, Path::Counts)
    }
}

fn allows(sources: &[Source], load: Load<'_>, url: &Url, path: Path) -> bool {
    // With 'strict-dynamic', addresses no longer speak for scripts (CSP3, 6.7.1.1).
    let is_strict = sources.contains(&Source::Keyword(Keyword::StrictDynamic));
    if is_strict && is_script(load.directive) {
        return false;
    }
    sources.iter().any(|source| matches(source, url, load.page, path))
}

fn matches(source: &Source, url: &Url, page: &Url, path: Path) -> bool {
    match source {
        star if star.is_star() => is_network(url.scheme()) || url.scheme() == page.scheme(),
        Source::Host(host) => matches_host(host, url, page, path),
        Source::Scheme(scheme) => fit_scheme(scheme, url.scheme()).is_some(),
        Source::SelfOrigin => matches_self(url, page),
        Source::Hash(..) | Source::Keyword(_) | Source::None | Source::Nonce(_) | Source::Unknown(_) => false,
    }
}

fn matches_host(source: &HostSource, url: &Url, page: &Url, path: Path) -> bool {
    let scheme = source.scheme.as_deref().unwrap_or_else(|| page.scheme());
    let Some(scheme_fit) = fit_scheme(scheme, url.scheme()) else { return false };
    let is_host = match (&source.host, url.host_str()) {
        (_, None) => false,
        (SourceHost::Any, Some(_)) => true,
        (SourceHost::Below(name), Some(host)) => {
            host.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.'))
        }
        (SourceHost::Exact(name), Some(host)) => host == name,
    };
    let Some(port_fit) = fit_port(source.port, scheme, url) else { return false };
    // `http://a:80` speaks for `https://a:443`, but a port of its own speaks only for its own scheme.
    let is_joined = match (scheme_fit, port_fit) {
        (Fit::Upgrade, Fit::Exact) => url.port_or_known_default() == Some(443),
        (Fit::Exact, Fit::Upgrade) => false,
        _ => true,
    };
    let fits_path = path == Path::IsIgnored || source.path.as_deref().is_none_or(|said| fits_path(said, url.path()));
    is_host && is_joined && fits_path
}

/// How an address' scheme fits a source's (CSP3, 6.7.2.9; unlike the text, no socket stands for a document).
fn fit_scheme(source: &str, url: &str) -> Option<Fit> {
    match (source, url) {
        _ if source == url => Some(Fit::Exact),
        ("http", "https") | ("ws", "wss") => Some(Fit::Upgrade),
        _ => None,
    }
}

/// How an address' port fits a source's (CSP3, 6.7.2.11).
fn fit_port(source: Option<Port>, scheme: &str, url: &Url) -> Option<Fit> {
    let port = url.port_or_known_default();
    match source {
        Some(Port::Any) => Some(Fit::Open),
        Some(Port::Number(said)) if Some(said) == port => Some(Fit::Exact),
        Some(Port::Number(80)) if port == Some(443) => Some(Fit::Upgrade),
        Some(Port::Number(_)) => None,
        None if port == default_port(url.scheme()) || port == default_port(scheme) => Some(Fit::Open),
        None => None,
    }
}

/// CSP3, 6.7.2.10: exact, or all below a path that ends with a slash. A query in the source is passed over.
fn fits_path(source: &str, url: &str) -> bool {
    let source = source.find(['?', '#']).map_or(source, |end| source.get(..end).unwrap_or(source));
    if source.is_empty() || source == "/" {
        return true;
    }
    let source: Vec<u8> = percent_decode_str(source).collect();
    let url: Vec<u8> = percent_decode_str(url).collect();
    if source.ends_with(b"/") { url.starts_with(&source) } else { url == source }
}

/// The page's own origin, or a more secure form of it (CSP3, 6.7.2.8, step 4).
fn matches_self(url: &Url, page: &Url) -> bool {
    let is_same_scheme = url.scheme() == page.scheme();
    let is_upgrade = matches!((page.scheme(), url.scheme()), ("http", "https" | "ws" | "wss") | ("https", "wss"));
    let (port, own) = (url.port_or_known_default(), page.port_or_known_default());
    let is_default = port == default_port(url.scheme()) && own == default_port(page.scheme());
    url.host().is_some() && url.host() == page.host() && (is_same_scheme || is_upgrade) && (port == own || is_default)
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

fn is_network(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "ws" | "wss")
}

const fn is_frame(directive: &DirectiveName) -> bool {
    matches!(directive, DirectiveName::FrameSrc | DirectiveName::FencedFrameSrc | DirectiveName::ChildSrc)
}

const fn is_script(directive: &DirectiveName) -> bool {
    matches!(
        directive,
        DirectiveName::ScriptSrc
            | DirectiveName::ScriptSrcElem
            | DirectiveName::ScriptSrcAttr
            | DirectiveName::WorkerSrc
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;

    fn blocked(policy: &str, url: &str, redirected_from: Option<&str>) -> bool {
        let list = PolicyList::parse(&[policy]).value.unwrap_or_default();
        let directive = list.policies[0].directives()[0].name.clone();
        let directive = if directive == DirectiveName::DefaultSrc { DirectiveName::ImgSrc } else { directive };
        let parse = |text: &str| Url::parse(text).unwrap();
        let (url, first, page) = (parse(url), redirected_from.map(parse), parse("https://a.example/page"));
        list.blocks(Load { directive: &directive, url: &url, redirected_from: first.as_ref(), page: &page })
    }

    #[test]
    fn addresses_are_allowed_or_blocked() {
        for (policy, url, is_blocked) in [
            ("img-src 'self'", "https://a.example/x", false),
            ("img-src 'self'", "https://a.example:8443/x", true),
            ("img-src 'self'", "http://a.example/x", true), // no way back to plain HTTP
            ("connect-src 'self'", "wss://a.example/x", false),
            ("img-src *.example", "https://b.example/x", false),
            ("img-src *.a.example", "https://a.example/x", true), // a name below is not the name
            ("img-src *.a.example", "https://ba.example/x", true),
            ("img-src b.example", "https://b.example:8443/x", true),
            ("img-src b.example:*", "https://b.example:8443/x", false),
            ("img-src http://b.example", "https://b.example/x", false),
            ("img-src http://b.example:8443", "https://b.example:8443/x", true),
            ("img-src https://b.example", "http://b.example/x", true),
            ("img-src https://b.example/a", "https://b.example/a/", true),
            ("img-src https://b.example/a/", "https://b.example/a/b?c", false),
            ("img-src https://b.example/%61/", "https://b.example/a/b", false),
            ("img-src https://b.example/a?b", "https://b.example/a?c", false),
            ("img-src *", "data:,x", true),
            ("img-src data:", "data:,x", false),
            ("connect-src *", "wss://b.example/", false),
            ("connect-src https:", "wss://b.example/", true),
            ("frame-src 'none'", "about:blank", false),
            ("default-src 'none'", "https://a.example/x", true),
            ("script-src https: 'strict-dynamic'", "https://b.example/x.js", true),
            ("script-src 'nonce-abc'", "https://a.example/x.js", true),
            ("style-src 'self', style-src b.example", "https://a.example/x.css", true), // both must allow
        ] {
            assert_eq!(blocked(policy, url, None), is_blocked, "{policy}: {url}");
        }
    }

    #[test]
    fn paths_count_before_a_redirect_only() {
        let policy = "img-src https://b.example/a/ https://c.example/d/";
        for (first, url, is_blocked) in [
            ("https://b.example/a/1", "https://c.example/elsewhere", false),
            ("https://b.example/z", "https://c.example/d/1", true),
            ("https://b.example/a/1", "https://e.example/d/1", true),
        ] {
            assert_eq!(blocked(policy, url, Some(first)), is_blocked, "{first} -> {url}");
        }
    }
}
