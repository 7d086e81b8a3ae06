//! Whether a request target is one of the forms a reverse proxy takes (RFC 9112, 3.2).
//!
//! Dot segments, encoded slashes and the like are valid here: their one canonical form is made further in.

use std::ops::Range;

use super::authority::Authority;
use super::fault::Fault;
use super::octets::{self, PATH, QUERY};

/// Where the authority of an absolute-form target stands, and what port its scheme implies.
#[derive(Clone, Debug)]
pub(super) struct AbsoluteForm {
    pub(super) authority: Range<usize>,
    pub(super) default_port: u16,
}

/// Judges a target; `Some` for absolute form. Positions are relative to the target.
#[inline]
pub(super) fn judge(method: &[u8], target: &[u8]) -> Result<Option<AbsoluteForm>, Fault> {
    match target {
        [b'/', ..] => path_and_query(target).map(|()| None),
        b"*" if method == b"OPTIONS" => Ok(None),
        b"*" => Err(Fault::AsteriskForm),
        _ => absolute(target).map(Some),
    }
}

fn absolute(target: &[u8]) -> Result<AbsoluteForm, Fault> {
    let scheme_end = memchr::memchr(b':', target).ok_or(Fault::BadTarget)?;
    let (scheme, rest) = target.split_at_checked(scheme_end).ok_or(Fault::BadTarget)?;
    let rest = rest.strip_prefix(b"://").ok_or(Fault::ForeignAbsoluteForm)?;
    let default_port = if scheme.eq_ignore_ascii_case(b"http") {
        80
    } else if scheme.eq_ignore_ascii_case(b"https") {
        443
    } else {
        return Err(Fault::ForeignAbsoluteForm);
    };
    let length = memchr::memchr2(b'/', b'?', rest).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(length).ok_or(Fault::BadTarget)?;
    if memchr::memchr(b'@', authority).is_some() {
        return Err(Fault::ForeignAbsoluteForm);
    }
    Authority::parse(authority)?;
    path_and_query(rest)?;
    let start = scheme_end + "://".len();
    Ok(AbsoluteForm { authority: start..start + length, default_port })
}

#[inline]
fn path_and_query(text: &[u8]) -> Result<(), Fault> {
    let end = memchr::memchr(b'?', text).unwrap_or(text.len());
    let (path, query) = text.split_at_checked(end).ok_or(Fault::BadTarget)?;
    if !octets::all(path, PATH) || !octets::all(query, QUERY) {
        return Err(Fault::BadTarget);
    }
    if memchr::memchr(b'%', path).is_some() { escapes(path) } else { Ok(()) }
}

/// Each `%` starts an escape, and none means NUL. Asked of the path alone, since it is what routes and files are found
/// by; in a query browsers leave a lone `%` as it was typed, and binary values (`%00`) are legitimate.
fn escapes(mut path: &[u8]) -> Result<(), Fault> {
    while let Some(at) = memchr::memchr(b'%', path) {
        match path.get(at + 1..at + 3) {
            Some(b"00") => return Err(Fault::BadTarget),
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => {}
            _ => return Err(Fault::BadTarget),
        }
        path = path.get(at + 3..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_judged() {
        use Fault::*;
        for (method, target, fault) in [
            ("GET", "/", None),
            ("GET", "//a/../b;c=%2F", None),
            ("GET", "/a?b=c?d/e&f=100%&g=%00", None),
            ("GET", "/a|b^c[1]{2}\"", None),
            ("GET", "/?a=\\b`", None),
            ("OPTIONS", "*", None),
            ("GET", "http://app.example", None),
            ("GET", "HTTPS://app.example:8443/a?b", None),
            ("GET", "http://app.example?a", None),
            ("GET", "*", Some(AsteriskForm)),
            ("OPTIONS", "**", Some(BadTarget)),
            ("GET", "a", Some(BadTarget)),
            ("GET", "?a", Some(BadTarget)),
            ("GET", "/a#b", Some(BadTarget)),
            ("GET", "/?a#b", Some(BadTarget)),
            ("GET", "/a\\b", Some(BadTarget)),
            ("GET", "/a\tb", Some(BadTarget)),
            ("GET", "/a\0", Some(BadTarget)),
            ("GET", "/\u{fc}", Some(BadTarget)),
            ("GET", "/%00", Some(BadTarget)),
            ("GET", "/%", Some(BadTarget)),
            ("GET", "/%2", Some(BadTarget)),
            ("GET", "/%zz", Some(BadTarget)),
            ("GET", "/%2%61", Some(BadTarget)),
            ("GET", "/<a>", Some(BadTarget)),
            ("GET", "ftp://app.example/", Some(ForeignAbsoluteForm)),
            ("GET", "http:/app.example/", Some(ForeignAbsoluteForm)),
            ("GET", "app.example:443", Some(ForeignAbsoluteForm)),
            ("GET", "http://user@app.example/", Some(ForeignAbsoluteForm)),
            ("GET", "http:///", Some(BadHost)),
            ("GET", "http://a b/", Some(BadHost)),
            ("GET", "http://a\\b/", Some(BadHost)),
        ] {
            assert_eq!(judge(method.as_bytes(), target.as_bytes()).err(), fault, "{method} {target:?}");
            assert!(fault.is_some() || target.parse::<http::Uri>().is_ok(), "hyper would refuse {target:?}");
        }
    }
}
