//! Whether one value allows nothing that another does not.
//!
//! Careful by intent: where the answer depends on what is not known, it is no. The page is taken to
//! be served over HTTPS, for the wall serves no other.

use super::effective::allows_inline;
use super::{Directive, DirectiveName, HostSource, Keyword, Kind, Port, Source, SourceHost, Value};

/// Whether `inner` allows nothing that `outer` does not; both speak for the directive `name`.
pub(super) fn is_within(name: &DirectiveName, inner: &Directive, outer: &Directive) -> bool {
    match (&inner.value, &outer.value) {
        (Value::Sources(inner), Value::Sources(outer)) => sources_within(name, inner, outer),
        (Value::Words(inner), Value::Words(outer)) => match name.kind() {
            Kind::Demands => outer.iter().all(|word| inner.contains(word)),
            Kind::Flag => true,
            Kind::Grants => inner.iter().all(|word| word == "'none'" || outer.contains(word)),
            Kind::Other | Kind::Sources => false,
        },
        _ => false,
    }
}

fn sources_within(name: &DirectiveName, inner: &[Source], outer: &[Source]) -> bool {
    let strict_dynamic = Source::Keyword(Keyword::StrictDynamic);
    let [inner_is_dynamic, outer_is_dynamic] = [inner, outer].map(|sources| sources.contains(&strict_dynamic));
    // Under `'strict-dynamic'` addresses allow no script: an inner list without it would bring them back.
    if outer_is_dynamic && !inner_is_dynamic && inner.iter().any(Source::is_address) {
        return false;
    }
    if allows_inline(inner) && !allows_inline(outer) {
        return false;
    }
    inner.iter().all(|source| source.is_within(name, outer))
}

impl Source {
    /// Whether a list allows all that this source allows under a directive; no where that is not sure.
    pub fn is_within(&self, directive: &DirectiveName, list: &[Self]) -> bool {
        // Only there can a socket be opened, to which `https:` and a host without scheme do not reach.
        let opens_sockets = matches!(directive, DirectiveName::ConnectSrc | DirectiveName::DefaultSrc);
        match self {
            Self::None | Self::Keyword(Keyword::ReportSample) => true,
            Self::Keyword(Keyword::WasmUnsafeEval) if list.contains(&Self::Keyword(Keyword::UnsafeEval)) => true,
            // A word that nobody knows today may allow something tomorrow.
            Self::Hash(..) | Self::Keyword(_) | Self::Nonce(_) | Self::Unknown(_) => list.contains(self),
            Self::Host(_) | Self::Scheme(_) | Self::SelfOrigin => {
                list.contains(self) || list.iter().any(|wider| address_within(self, wider, opens_sockets))
            }
        }
    }
}

fn address_within(inner: &Source, outer: &Source, opens_sockets: bool) -> bool {
    if inner.is_star() {
        return false; // It alone reaches every network scheme.
    }
    if outer.is_star() {
        return match inner {
            Source::SelfOrigin => true,
            Source::Host(host) => host.scheme.as_deref().is_none_or(is_network),
            Source::Scheme(scheme) => is_network(scheme),
            _ => false,
        };
    }
    match (inner, outer) {
        (Source::SelfOrigin, Source::Scheme(scheme)) => !opens_sockets && reaches(scheme, "https"),
        (Source::Scheme(inner), Source::Scheme(outer)) => reaches(outer, inner),
        (Source::Host(host), Source::Scheme(outer)) => match &host.scheme {
            Some(inner) => reaches(outer, inner),
            None => !opens_sockets && reaches(outer, "https"),
        },
        (Source::Host(inner), Source::Host(outer)) => host_within(inner, outer, opens_sockets),
        _ => false,
    }
}

fn host_within(inner: &HostSource, outer: &HostSource, opens_sockets: bool) -> bool {
    let schemes = match (inner.scheme.as_deref(), outer.scheme.as_deref()) {
        (Some(inner), Some(outer)) => reaches(outer, inner),
        (None, None) => true,
        (inner, outer) => !opens_sockets && reaches(outer.unwrap_or("https"), inner.unwrap_or("https")),
    };
    let hosts = match (&inner.host, &outer.host) {
        (_, SourceHost::Any) => true,
        (SourceHost::Below(inner), SourceHost::Below(outer)) => inner == outer || is_below(inner, outer),
        (SourceHost::Exact(inner), SourceHost::Below(outer)) => is_below(inner, outer),
        (SourceHost::Exact(inner), SourceHost::Exact(outer)) => inner == outer,
        (SourceHost::Any, _) | (SourceHost::Below(_), SourceHost::Exact(_)) => false,
    };
    let ports = outer.port == Some(Port::Any) || inner.port == outer.port;
    let paths = match (inner.path.as_deref(), outer.path.as_deref()) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(inner), Some(outer)) => inner == outer || (outer.ends_with('/') && inner.starts_with(outer)),
    };
    schemes && hosts && ports && paths
}

fn is_below(name: &str, above: &str) -> bool {
    name.strip_suffix(above).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether a source with the scheme `outer` matches addresses with the scheme `inner` (CSP3, 6.7.2.9).
///
/// The letter of the specification lets `ws:` reach `https:`, too; browsers differ.
fn reaches(outer: &str, inner: &str) -> bool {
    outer == inner || matches!((outer, inner), ("http", "https") | ("ws", "wss"))
}

/// Whether `*` matches addresses with the scheme.
fn is_network(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "ws" | "wss")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csp::Policy;
    use crate::field::Field;

    fn check(directive: &str, inner: &str, outer: &str, expected: bool) {
        let name = DirectiveName::of(directive);
        let [narrow, wide] = [inner, outer].map(|list| Policy::parse(&[&format!("{directive} {list}")]).value.unwrap());
        let [narrow, wide] = [&narrow, &wide].map(|policy| policy.directive(&name).unwrap());
        assert_eq!(is_within(&name, narrow, wide), expected, "{directive}: {inner} within {outer}");
    }

    #[test]
    fn source_lists_are_compared() {
        for (inner, outer, expected) in [
            ("'none'", "'self'", true),
            ("'self'", "'none'", false),
            ("'self'", "*", true),
            ("'self'", "https:", true),
            ("'self'", "data:", false),
            ("'self'", "'self' a.example", true),
            ("'self' a.example", "'self'", false),
            ("data:", "*", false),
            ("https:", "*", true),
            ("a.example", "*.a.example", false),
            ("b.a.example", "*.a.example", true),
            ("ba.example", "*.a.example", false),
            ("https://a.example", "a.example", true),
            ("http://a.example", "a.example", false),
            ("https://a.example", "https:", true),
            ("a.example:8443", "a.example", false),
            ("a.example:8443", "a.example:*", true),
            ("a.example/x/y", "a.example/x/", true),
            ("a.example/x/y", "a.example/x", false),
            ("a.example", "a.example/x/", false),
            ("*", "https:", false),
        ] {
            check("img-src", inner, outer, expected);
        }
        check("connect-src", "'self'", "https:", false);
        check("connect-src", "'self'", "*", true);
    }

    #[test]
    fn what_scripts_may_do_is_compared() {
        for (inner, outer, expected) in [
            ("'unsafe-inline'", "'self'", false),
            ("'self'", "'self' 'unsafe-inline'", true),
            ("'unsafe-inline'", "'unsafe-inline' 'nonce-abc'", false),
            ("'nonce-abc'", "'nonce-abc' 'self'", true),
            ("'nonce-abc'", "'nonce-def'", false),
            ("'self'", "'self' 'strict-dynamic' 'nonce-abc'", false),
            ("'strict-dynamic' 'nonce-abc'", "'nonce-abc'", false),
            ("'wasm-unsafe-eval'", "'unsafe-eval'", true),
            ("'unsafe-eval'", "'wasm-unsafe-eval'", false),
            ("'self' 'report-sample'", "'self'", true),
        ] {
            check("script-src", inner, outer, expected);
        }
        check("sandbox", "allow-scripts", "allow-scripts allow-forms", true);
        check("sandbox", "allow-forms", "allow-scripts", false);
        check("require-trusted-types-for", "'script'", "", true);
        check("require-trusted-types-for", "", "'script'", false);
        check("trusted-types", "'none'", "a b", true);
        check("trusted-types", "c", "a b", false);
    }
}
