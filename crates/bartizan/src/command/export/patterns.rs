//! What the wall decides by code, as regular expressions that PCRE and RE2 both read.
//!
//! They hold no backslash, so that no target's quotes change them.

use bartizan_headers::HostPattern;
use bartizan_headers::session_names::{Ending, SESSION_NAMES};
use bartizan_proxy::config::{CookiePlan, Suite, TlsPlan};
use bartizan_proxy::stages::request::cross_origin::AMBIENT;
use bartizan_proxy::stages::request::method::{NEVER, OVERRIDES};

use super::plan::Plan;
use super::sent::title;

/// Returns the names of cookies that carry a login, one of which a name matches from its start to its end.
pub(super) fn session_names(cookies: &CookiePlan) -> String {
    let known = SESSION_NAMES.iter().filter(|known| !cookies.except.iter().any(|name| name == known.name));
    let known = known.map(|known| match known.ending {
        Ending::Open => format!("{}[^=; ]*", literal(known.name)),
        Ending::Whole => literal(known.name),
    });
    let own = cookies.session_names.iter().map(|name| literal(name));
    format!("(?:__Host-|__Secure-)?(?:{})", own.chain(known).collect::<Vec<_>>().join("|"))
}

/// A part of the names of tokens against forged requests, in letters of either case.
pub(super) const FORGERY_TOKEN: &str = "(?:[Cc][Ss][Rr][Ff]|[Xx][Ss][Rr][Ff])";

/// Returns which attributes cookies get where they lack them: a pattern of names, the attribute, and what is added.
pub(super) fn cookie_edits(cookies: &CookiePlan) -> Vec<(String, &'static str, String)> {
    let session = session_names(cookies);
    let mut edits = Vec::new();
    if cookies.http_only {
        edits.push((session.clone(), "HttpOnly", "HttpOnly".to_owned()));
    }
    if let Some(same_site) = cookies.same_site {
        edits.push((
            format!("(?:{session}|[^=;]*{FORGERY_TOKEN}[^=;]*)"),
            "SameSite",
            format!("SameSite={same_site:?}"),
        ));
    }
    if cookies.secure {
        edits.push(("[^=;]+".to_owned(), "Secure", "Secure".to_owned()));
    }
    edits
}

/// Returns what stands before a name that is never touched; PCRE alone reads it.
pub(super) fn not_excepted(cookies: &CookiePlan) -> String {
    if cookies.except.is_empty() {
        return String::new();
    }
    let names: Vec<_> = cookies.except.iter().map(|name| literal(name)).collect();
    format!("(?!(?:{})=)", names.join("|"))
}

/// Returns a cookie of these names among others in a request.
pub(super) fn session_cookie(cookies: &CookiePlan) -> String {
    format!("(?:^|; *)(?:{})=", session_names(cookies))
}

/// The names that apps read of the family `x-forwarded…`, for programs that cannot remove whole families.
pub(super) const FORWARDED: [&str; 7] = [
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-forwarded-ssl",
];

/// The methods that are let through, or those that are not.
pub(super) enum Methods {
    /// Only these.
    Only(Vec<String>),
    /// All but these.
    AllBut(Vec<String>),
}

/// Returns which methods are let through.
pub(super) fn methods(plan: &Plan<'_>) -> Methods {
    let never = || NEVER.iter().map(|&name| name.to_owned()).collect();
    let Some(allowed) = &plan.policy.methods else { return Methods::AllBut(never()) };
    let mut names: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    names.retain(|name| !NEVER.contains(&name.as_str()));
    // HEAD goes wherever GET goes (RFC 9110, 9.3.2).
    if names.iter().any(|name| name == "GET") && !names.iter().any(|name| name == "HEAD") {
        names.push("HEAD".to_owned());
    }
    Methods::Only(names)
}

/// Returns the fields by which a request asks for another method.
pub(super) fn overrides() -> Vec<String> {
    OVERRIDES.iter().map(title).collect()
}

/// Returns what begins credentials that a browser adds by itself.
pub(super) fn ambient() -> String {
    format!("^(?:{}) ", AMBIENT.join("|"))
}

/// Credentials with a scheme, which no browser adds by itself unless it is one of [`ambient`].
pub(super) const CREDENTIALS: &str = "^[^ ]+ +[^ ]";

/// Returns the origins that are the site's own, each as a whole or as a pattern.
pub(super) fn own_origins(plan: &Plan<'_>) -> Vec<Match> {
    plan.site.hosts.iter().map(|host| origin(plan, host)).collect()
}

/// Returns the origins that may act here besides.
pub(super) fn trusted_origins(plan: &Plan<'_>) -> Vec<Match> {
    let named = plan.policy.csrf.trusted_origins.iter().filter(|origin| origin.tuple().is_some());
    named.map(|origin| Match::Whole(origin.to_string())).collect()
}

/// How a value is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Match {
    /// It is this.
    Whole(String),
    /// It matches this from its start to its end.
    Pattern(String),
}

impl Match {
    /// Returns the match as a pattern without anchors.
    pub(super) fn pattern(&self) -> String {
        match self {
            Self::Whole(whole) => literal(whole),
            Self::Pattern(pattern) => pattern.clone(),
        }
    }
}

/// Returns all of them as one anchored pattern; one that nothing matches, of none.
pub(super) fn any(matches: &[Match]) -> String {
    if matches.is_empty() {
        return "^-$".to_owned();
    }
    format!("^(?:{})$", matches.iter().map(Match::pattern).collect::<Vec<_>>().join("|"))
}

fn origin(plan: &Plan<'_>, host: &HostPattern) -> Match {
    let port = match host.port().unwrap_or_else(|| plan.port()) {
        443 => String::new(),
        port => format!(":{port}"),
    };
    match (host.exact(), host.below()) {
        (Some(exact), _) => Match::Whole(format!("https://{}{port}", super::plan::written(exact.as_str()))),
        (None, below) => {
            let below = below.map_or("", |host| host.as_str());
            Match::Pattern(format!("https://[^/:@]+[.]{}{port}", literal(below)))
        }
    }
}

/// Returns the host names as one anchored pattern, without a port.
pub(super) fn hosts(hosts: &[HostPattern]) -> String {
    let one = |host: &HostPattern| match (host.exact(), host.below()) {
        (Some(exact), _) => literal(&super::plan::written(exact.as_str())),
        (None, below) => format!("[^/:@]+[.]{}", literal(below.map_or("", |host| host.as_str()))),
    };
    format!("^(?:{})$", hosts.iter().map(one).collect::<Vec<_>>().join("|"))
}

/// A path that would climb when its encoded slashes and dots are read; the query is not looked at.
pub(super) const CLIMBS: &str = "^[^?]*(?:/|%2[Ff]|%5[Cc])(?:[.]|%2[Ee]){2}(?:/|%2[Ff]|%5[Cc]|[?;]|$)";

/// A path with an encoded slash or backslash.
pub(super) const ENCODED_SLASH: &str = "^[^?]*%(?:2[Ff]|5[Cc])";

/// Returns a pattern for exactly this text.
pub(super) fn literal(text: &str) -> String {
    text.chars().fold(String::new(), |mut pattern, c| {
        match c {
            c if c.is_ascii_alphanumeric()
                || matches!(c, '_' | '-' | '/' | ':' | '@' | '%' | '=' | '~' | '!' | '&') =>
            {
                pattern.push(c);
            }
            // It cannot stand alone in brackets; that a percent sign is taken for one does no harm.
            '^' => pattern.push_str("[%^]"),
            c => pattern.extend(['[', c, ']']),
        }
        pattern
    })
}

/// Returns the suites of TLS 1.2 by the names of OpenSSL.
pub(super) fn openssl_ciphers(tls: &TlsPlan) -> String {
    tls.suites.iter().filter_map(|suite| openssl(*suite)).collect::<Vec<_>>().join(":")
}

/// Returns the suites of TLS 1.3, whose names are the registry's.
pub(super) fn tls13_suites(tls: &TlsPlan) -> Vec<&'static str> {
    use crate::config::Choices as _;
    tls.suites.iter().filter(|suite| openssl(**suite).is_none()).map(|suite| suite.word()).collect()
}

/// Returns the name that OpenSSL gives a suite of TLS 1.2.
const fn openssl(suite: Suite) -> Option<&'static str> {
    Some(match suite {
        Suite::EcdheEcdsaAes128GcmSha256 => "ECDHE-ECDSA-AES128-GCM-SHA256",
        Suite::EcdheEcdsaAes256GcmSha384 => "ECDHE-ECDSA-AES256-GCM-SHA384",
        Suite::EcdheEcdsaChacha20Poly1305Sha256 => "ECDHE-ECDSA-CHACHA20-POLY1305",
        Suite::EcdheRsaAes128GcmSha256 => "ECDHE-RSA-AES128-GCM-SHA256",
        Suite::EcdheRsaAes256GcmSha384 => "ECDHE-RSA-AES256-GCM-SHA384",
        Suite::EcdheRsaChacha20Poly1305Sha256 => "ECDHE-RSA-CHACHA20-POLY1305",
        Suite::Tls13Aes128GcmSha256 | Suite::Tls13Aes256GcmSha384 | Suite::Tls13Chacha20Poly1305Sha256 => return None,
    })
}

/// Returns the groups by the names of OpenSSL 3.0, and whether some had to be left out.
pub(super) fn openssl_groups(tls: &TlsPlan) -> (String, bool) {
    use bartizan_proxy::config::KeyExchangeGroup as Group;
    let name = |group: &Group| match group {
        Group::X25519 => Some("X25519"),
        Group::Secp256r1 => Some("prime256v1"),
        Group::Secp384r1 => Some("secp384r1"),
        // OpenSSL has them from 3.5 on, and refuses a list with a name that it does not know.
        Group::MlKem768 | Group::Secp256r1MlKem768 | Group::X25519MlKem768 => None,
    };
    let names: Vec<_> = tls.groups.iter().filter_map(name).collect();
    (names.join(":"), names.len() < tls.groups.len())
}

/// What is said of the groups that were left out.
pub(super) const POST_QUANTUM: &str =
    "post-quantum key exchange: with OpenSSL 3.5 or later, put X25519MLKEM768 first among the groups";

#[cfg(test)]
mod tests {
    use bartizan_headers::session_names::session_name;
    use regex::Regex;

    use super::*;

    #[test]
    fn patterns_agree_with_the_code() {
        let names = Regex::new(&format!("^{}$", session_names(&CookiePlan::default()))).unwrap();
        for name in
            ["sessionid", "PHPSESSID", "ASPSESSIONIDABC", "csrftoken", "sessionid2", ".ASPXAUTH", "xASPXAUTH", "_t"]
        {
            assert_eq!(names.is_match(name), session_name(name).is_some(), "{name}");
        }
        let climbs = Regex::new(CLIMBS).unwrap();
        for (target, does) in [
            ("/a/..%2fb", true),
            ("/%2e%2e/b", true),
            ("/a/..", true),
            ("/a%5C..%5Cb", true),
            ("/a/..;/b", true),
            ("/a..b", false),
            ("/a/...", false),
            ("/a?next=/../b", false),
            ("/a%2Fb", false),
        ] {
            assert_eq!(climbs.is_match(target), does, "{target}");
        }
        for text in ["a.b", "a^b", "a$b|c", "x+y*z", "#%'`"] {
            assert!(Regex::new(&format!("^{}$", literal(text))).unwrap().is_match(text), "{text}");
        }
        assert!(!Regex::new(&literal("a.b")).unwrap().is_match("axb"));
    }
}
