//! Tightening never lets a page do what its app's policies forbade.
//!
//! Judged by a small reading of CSP3, 6.7, of its own: for a page at `https://app.example`, and for
//! a handful of things that pages do.

use bartizan_headers::csp::{DirectiveName, HostSource, Keyword, Policy, PolicyList, Port, Source, SourceHost};
use bartizan_headers::{Field, Tighten};
use proptest::prelude::*;

/// Something a page does.
#[derive(Debug, Clone, Copy)]
enum Act {
    /// Loads, or opens, an address: scheme, host, port, path.
    Load(&'static str, &'static str, u16, &'static str),
    /// Runs what stands in the page without nonce or hash.
    Inline,
    /// Runs what stands in the page with this nonce.
    Nonce(&'static str),
    /// Turns a string into code.
    Eval,
}

const ACTS: &[Act] = &[
    Act::Load("https", "app.example", 443, "/x"),
    Act::Load("https", "a.example", 443, "/"),
    Act::Load("https", "a.example", 443, "/lib/x"),
    Act::Load("https", "b.a.example", 443, "/"),
    Act::Load("https", "a.example", 8443, "/"),
    Act::Load("http", "a.example", 80, "/"),
    Act::Load("wss", "app.example", 443, "/"),
    Act::Load("wss", "a.example", 443, "/"),
    Act::Load("data", "", 0, ""),
    Act::Load("blob", "", 0, ""),
    Act::Inline,
    Act::Nonce("abc"),
    Act::Nonce("def"),
    Act::Eval,
];

const DIRECTIVES: &[&str] = &[
    "default-src",
    "script-src",
    "script-src-elem",
    "img-src",
    "connect-src",
    "child-src",
    "worker-src",
    "frame-src",
    "object-src",
    "base-uri",
    "frame-ancestors",
    "form-action",
];

const SOURCES: &[&str] = &[
    "'none'",
    "'self'",
    "*",
    "https:",
    "http:",
    "wss:",
    "data:",
    "blob:",
    "a.example",
    "https://a.example",
    "*.a.example",
    "a.example:*",
    "a.example:8443",
    "a.example/lib/",
    "wss://a.example",
    "'unsafe-inline'",
    "'unsafe-eval'",
    "'strict-dynamic'",
    "'nonce-abc'",
    "'nonce-def'",
    "'report-sample'",
];

fn policy() -> impl Strategy<Value = Policy> {
    let list = prop::collection::vec(prop::sample::select(SOURCES), 0..4);
    let directive =
        (prop::sample::select(DIRECTIVES), list).prop_map(|(name, list)| format!("{name} {}", list.join(" ")));
    prop::collection::vec(directive, 1..5)
        .prop_map(|directives| Policy::parse(&[&directives.join("; ")]).value.expect("a directive was written"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tightening_never_loosens(policies in prop::collection::vec(policy(), 1..3), ours in policy()) {
        let app = PolicyList { policies };
        let ours = PolicyList::from(ours);
        let result = app.tighten(&ours);
        prop_assert!(result.tighten(&ours) == result, "twice: {} / {} is {}", app, ours, result);
        for name in DIRECTIVES.iter().map(|name| DirectiveName::of(name)) {
            for act in ACTS {
                let opens_sockets = matches!(name.as_str(), "connect-src" | "default-src");
                if matches!(act, Act::Load("wss", ..)) && !opens_sockets {
                    continue; // No image, script or frame comes from a socket.
                }
                prop_assert!(
                    !allows_all(&result, &name, *act) || allows_all(&app, &name, *act),
                    "{} {:?}\n app: {}\nours: {}\n  is: {}", name, act, app, ours, result
                );
            }
        }
    }

    #[test]
    fn policies_are_read_back(policy in policy()) {
        let again = Policy::parse(&[&policy.to_string()]);
        prop_assert_eq!(again.value, Some(policy));
    }
}

fn allows_all(list: &PolicyList, name: &DirectiveName, act: Act) -> bool {
    list.policies
        .iter()
        .all(|policy| policy.effective(name).is_none_or(|directive| allows(name, directive.value.sources(), act)))
}

fn allows(name: &DirectiveName, sources: &[Source], act: Act) -> bool {
    let has = |keyword| sources.contains(&Source::Keyword(keyword));
    let is_script = name.as_str().starts_with("script-src") || matches!(name.as_str(), "default-src" | "worker-src");
    match act {
        Act::Eval => has(Keyword::UnsafeEval),
        Act::Inline => {
            let is_ended =
                has(Keyword::StrictDynamic) || sources.iter().any(|source| matches!(source, Source::Nonce(_)));
            has(Keyword::UnsafeInline) && !is_ended
        }
        Act::Nonce(nonce) => sources.contains(&Source::Nonce(nonce.to_owned())) || allows(name, sources, Act::Inline),
        Act::Load(..) if is_script && has(Keyword::StrictDynamic) => false,
        Act::Load(scheme, host, port, path) => sources.iter().any(|source| matches(source, scheme, host, port, path)),
    }
}

fn matches(source: &Source, scheme: &str, host: &str, port: u16, path: &str) -> bool {
    match source {
        Source::SelfOrigin => matches!(scheme, "https" | "wss") && host == "app.example" && port == 443,
        Source::Scheme(said) => scheme_matches(said, scheme),
        source if source.is_star() => matches!(scheme, "http" | "https" | "ws" | "wss"),
        Source::Host(said) => host_matches(said, scheme, host, port, path),
        _ => false,
    }
}

fn scheme_matches(said: &str, scheme: &str) -> bool {
    said == scheme || matches!((said, scheme), ("http", "https") | ("ws", "wss"))
}

fn host_matches(said: &HostSource, scheme: &str, host: &str, port: u16, path: &str) -> bool {
    let own_port = if scheme == "http" { 80 } else { 443 };
    scheme_matches(said.scheme.as_deref().unwrap_or("https"), scheme)
        && match &said.host {
            SourceHost::Any => true,
            SourceHost::Below(name) => host.ends_with(&format!(".{name}")),
            SourceHost::Exact(name) => host == name,
        }
        && match said.port {
            Some(Port::Any) => true,
            Some(Port::Number(number)) => number == port,
            None => port == own_port,
        }
        && said
            .path
            .as_deref()
            .is_none_or(|said| if said.ends_with('/') { path.starts_with(said) } else { path == said })
}
