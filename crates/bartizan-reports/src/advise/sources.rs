//! The narrowest source expression for addresses of one origin.
//!
//! The rule: the page's own origin is `'self'`; one address is named as it is; several by the deepest directory that
//! they share; by the origin where they share none or where a report told the origin alone.

use bartizan_headers::Field as _;
use bartizan_headers::csp::{DirectiveName, Policy, Source};
use url::Url;

/// By which part of the rule a source was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// All addresses below a directory.
    Directory,
    /// One address.
    Exact,
    /// A word for a thing without address.
    Keyword,
    /// All addresses of an origin.
    Origin,
    /// All addresses with a scheme, which have no host.
    Scheme,
    /// The page's own origin.
    SelfOrigin,
}

impl Rule {
    /// Returns the name, as JSON has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Exact => "exact",
            Self::Keyword => "keyword",
            Self::Origin => "origin",
            Self::Scheme => "scheme",
            Self::SelfOrigin => "self",
        }
    }
}

/// What is known of the addresses of one origin.
#[derive(Debug)]
pub(super) struct Addresses<'a> {
    /// The addresses, at least one, all of one origin or without host and of one scheme.
    pub urls: &'a [Url],
    /// Whether the path of each was told.
    pub have_paths: bool,
    /// A page of each origin.
    pub pages: &'a [Url],
}

impl Addresses<'_> {
    /// Returns the source; none where no policy can name the addresses.
    pub(super) fn source(&self, origins_only: bool) -> Option<(Source, Rule)> {
        let first = self.urls.first()?;
        if !first.has_host() {
            return Some((Source::Scheme(first.scheme().to_owned()), Rule::Scheme));
        }
        let is_own = |url: &Url| self.pages.iter().all(|page| Source::SelfOrigin.allows(url, page));
        if self.urls.iter().all(is_own) {
            return Some((Source::SelfOrigin, Rule::SelfOrigin));
        }
        let (path, rule) = if origins_only || !self.have_paths { (String::new(), Rule::Origin) } else { self.path() };
        let host = first.host_str()?;
        let port = first.port().map(|port| format!(":{port}")).unwrap_or_default();
        let source = read(&format!("{}://{host}{port}{}", first.scheme(), sayable(&path)))?;
        let is_right = self.urls.iter().all(|url| self.pages.iter().all(|page| source.allows(url, page)));
        is_right.then_some((source, rule))
    }

    fn path(&self) -> (String, Rule) {
        let mut paths = self.urls.iter().map(Url::path);
        let first = paths.next().unwrap_or("/");
        let mut shared = first;
        let mut is_one = true;
        for path in paths {
            is_one &= path == first;
            shared = shared_directory(shared, path);
        }
        match shared {
            "/" => (String::new(), Rule::Origin),
            path if is_one => (path.to_owned(), if path.ends_with('/') { Rule::Directory } else { Rule::Exact }),
            path => (path.to_owned(), Rule::Directory),
        }
    }
}

/// Returns the deepest directory of both, with the slash at its end.
fn shared_directory<'a>(one: &'a str, other: &str) -> &'a str {
    if one == other {
        return one;
    }
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let end = one.bytes().take(same).rposition(|byte| byte == b'/').map_or(0, |slash| slash + 1);
    one.get(..end).unwrap_or("/")
}

/// Writes what would end a source or a policy as its percent code; browsers decode both sides (CSP3, 6.7.2.12).
fn sayable(path: &str) -> String {
    path.replace(';', "%3B").replace(',', "%2C").replace('\'', "%27")
}

fn read(text: &str) -> Option<Source> {
    let policy = Policy::parse(&[&format!("img-src {text}")]).value?;
    match policy.directive(&DirectiveName::ImgSrc)?.value.sources() {
        [source @ Source::Host(_)] => Some(source.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_source_is_found() {
        use Rule::{Directory, Exact, Origin, Scheme, SelfOrigin};
        let page = [Url::parse("https://a.example/page").unwrap()];
        for (addresses, expected) in [
            (&["https://a.example/x"][..], Some(("'self'", SelfOrigin))),
            (&["wss://a.example/x"], Some(("'self'", SelfOrigin))),
            (&["https://b.example/x/y.js"], Some(("https://b.example/x/y.js", Exact))),
            (&["https://b.example/x/y.js", "https://b.example/x/z.js"], Some(("https://b.example/x/", Directory))),
            (&["https://b.example/x/y.js", "https://b.example/x/y.js.map"], Some(("https://b.example/x/", Directory))),
            (&["https://b.example/x/y/1", "https://b.example/xy/2"], Some(("https://b.example", Origin))),
            (&["https://b.example/x/"], Some(("https://b.example/x/", Directory))),
            (&["https://b.example/"], Some(("https://b.example", Origin))),
            (&["https://b.example:8443/x"], Some(("https://b.example:8443/x", Exact))),
            (&["https://b.example/x;y,z'"], Some(("https://b.example/x%3By%2Cz%27", Exact))),
            (&["https://b.example/\u{fc}"], Some(("https://b.example/%C3%BC", Exact))),
            (&["wss://b.example/live"], Some(("wss://b.example/live", Exact))),
            (&["data:x"], Some(("data:", Scheme))),
            (&["https://[::1]/x"], None), // the grammar has no such host
            (&["https://b_c.example/x"], None),
        ] {
            let urls: Vec<_> = addresses.iter().map(|text| Url::parse(text).unwrap()).collect();
            let found = Addresses { urls: &urls, have_paths: true, pages: &page }.source(false);
            let found = found.map(|(source, rule)| (source.to_string(), rule));
            assert_eq!(found, expected.map(|(text, rule)| (text.to_owned(), rule)), "{addresses:?}");
        }
    }

    #[test]
    fn without_paths_the_origin_is_meant() {
        let urls = [Url::parse("https://b.example/x").unwrap()];
        let pages = [Url::parse("https://a.example/").unwrap()];
        for (have_paths, origins_only, expected) in [
            (true, false, "https://b.example/x"),
            (false, false, "https://b.example"),
            (true, true, "https://b.example"),
        ] {
            let found = Addresses { urls: &urls, have_paths, pages: &pages }.source(origins_only);
            assert_eq!(found.map(|(source, _)| source.to_string()).as_deref(), Some(expected));
        }
    }
}
