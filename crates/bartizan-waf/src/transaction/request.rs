//! The request's line and fields.

use base64::Engine;

use super::{Item, Transaction};
use crate::values::Value;
use crate::variable::Variable;

impl Transaction {
    /// Takes the request line: `GET`, `/a?b=c`, `HTTP/1.1`.
    pub fn request_line(&mut self, method: &[u8], uri: &[u8], version: &[u8]) {
        self.set(Variable::RequestMethod, method);
        self.set(Variable::RequestProtocol, version);
        self.set(Variable::RequestLine, &[method, b" ", uri, b" ", version].concat());
        self.set(Variable::RequestUriRaw, uri);
        let uri = without_origin(uri);
        self.set(Variable::RequestUri, uri);
        self.uri = self.values.intern(uri);
        // A fragment is never sent by a client that is one; it is no part of the query then.
        let (path, query) = match uri.iter().position(|&byte| byte == b'?') {
            Some(at) => (&uri[..at], &uri[at + 1..]),
            None => (uri, &b""[..]),
        };
        self.set(Variable::QueryString, query);
        // Decoded after the query is cut off: `%3F` is part of the path (CVE-2024-1019).
        let path = super::arguments::decoded_path(path);
        self.set(Variable::PathInfo, &path);
        self.set(Variable::RequestFilename, &path);
        let last = path.iter().rposition(|byte| matches!(byte, b'/' | b'\\')).map_or(0, |at| at + 1);
        self.set(Variable::RequestBasename, &path[last..]);
        self.query(query);
    }

    /// Takes a field.
    pub fn request_header(&mut self, name: &[u8], value: &[u8]) {
        let (key, value) = (self.values.intern(name), self.values.intern(value));
        self.add(Variable::RequestHeaders, key, value);
        self.add(Variable::RequestHeadersNames, key, key);
        self.headers.request.push(Item { key, value });
    }

    pub(super) fn complete_headers(&mut self) {
        let mut cookies = Vec::new();
        for index in 0..self.headers.request.len() {
            let Some(&Item { key, value }) = self.headers.request.get(index) else { continue };
            let (name, text) = (self.values.bytes(key), self.values.bytes(value));
            if name.eq_ignore_ascii_case(b"cookie") {
                cookies.push(value);
            } else if name.eq_ignore_ascii_case(b"host") {
                let host = without_port(text).to_vec();
                self.set(Variable::ServerName, &host);
            } else if name.eq_ignore_ascii_case(b"content-type") {
                self.content_type = text.to_vec();
            } else if name.eq_ignore_ascii_case(b"authorization") {
                let (kind, user) = credentials(text);
                self.set(Variable::AuthType, &kind);
                self.set(Variable::RemoteUser, &user);
            }
        }
        for cookie in cookies {
            self.cookies(cookie);
        }
        self.body_processor = processor(&self.content_type).into();
        self.combine_arguments();
        for scalar in SCALARS {
            if self.items(*scalar).is_empty() {
                self.set_value(*scalar, Value::EMPTY);
            }
        }
        for flag in FLAGS {
            if self.items(*flag).is_empty() {
                self.set_value(*flag, Value::ZERO);
            }
        }
    }

    /// RFC 6265, 5.4: pairs between semicolons; a space follows each.
    fn cookies(&mut self, field: Value) {
        let text = self.values.bytes(field).to_vec();
        for pair in text.split(|&byte| byte == b';') {
            let pair = pair.trim_ascii_start();
            if pair.is_empty() {
                continue;
            }
            let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &b""[..]),
            };
            let (key, value) = (self.values.intern(name), self.values.intern(value));
            self.add(Variable::RequestCookies, key, value);
            self.add(Variable::RequestCookiesNames, key, key);
        }
    }
}

/// The parser that a content type asks for; XML and JSON are chosen by rules.
fn processor(content_type: &[u8]) -> &'static str {
    let has_type =
        |known: &[u8]| content_type.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known));
    if has_type(b"multipart/form-data") {
        "MULTIPART"
    } else if has_type(b"application/x-www-form-urlencoded") {
        "URLENCODED"
    } else {
        ""
    }
}

/// An absolute request target names the origin, which is no part of the path.
fn without_origin(uri: &[u8]) -> &[u8] {
    let Some(at) = uri.windows(3).position(|window| window == b"://").filter(|_| !uri.starts_with(b"/")) else {
        return uri;
    };
    let is_scheme = uri[..at].iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)) && at > 0;
    if !is_scheme {
        return uri;
    }
    let rest = &uri[at + 3..];
    match rest.iter().position(|byte| matches!(byte, b'/' | b'?')) {
        Some(at) => &rest[at..],
        None => b"/",
    }
}

fn without_port(host: &[u8]) -> &[u8] {
    match host.iter().rposition(|&byte| byte == b':') {
        // The colons of an IPv6 address stand within brackets.
        Some(at) if host[at..].iter().skip(1).all(u8::is_ascii_digit) => &host[..at],
        _ => host,
    }
}

fn credentials(field: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let end = field.iter().position(|&byte| byte == b' ').unwrap_or(field.len());
    let (kind, rest) = field.split_at(end);
    if !kind.eq_ignore_ascii_case(b"basic") {
        return (kind.to_vec(), Vec::new());
    }
    let mut user = base64::engine::general_purpose::STANDARD.decode(rest.trim_ascii()).unwrap_or_default();
    user.truncate(user.iter().position(|&byte| byte == b':').unwrap_or(user.len()));
    (kind.to_vec(), user)
}

/// Variables with one value that are empty rather than missing.
const SCALARS: &[Variable] = &[
    Variable::AuthType,
    Variable::MultipartFilename,
    Variable::MultipartName,
    Variable::RemoteUser,
    Variable::ReqbodyErrorMsg,
    Variable::ReqbodyProcessorErrorMsg,
    Variable::ServerName,
];

/// Variables that are 0 until something is wrong.
const FLAGS: &[Variable] = &[
    Variable::InboundDataError,
    Variable::MultipartBoundaryQuoted,
    Variable::MultipartBoundaryWhitespace,
    Variable::MultipartCrlfLfLines,
    Variable::MultipartDataAfter,
    Variable::MultipartDataBefore,
    Variable::MultipartFileLimitExceeded,
    Variable::MultipartHeaderFolding,
    Variable::MultipartInvalidHeaderFolding,
    Variable::MultipartInvalidPart,
    Variable::MultipartInvalidQuoting,
    Variable::MultipartLfLine,
    Variable::MultipartMissingSemicolon,
    Variable::MultipartStrictError,
    Variable::MultipartUnmatchedBoundary,
    Variable::OutboundDataError,
    Variable::ReqbodyError,
    Variable::ReqbodyProcessorError,
    Variable::UrlencodedError,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_no_part_of_paths() {
        for (uri, expected) in [
            ("/a?b", "/a?b"),
            ("http://host/a?b", "/a?b"),
            ("http://host", "/"),
            ("HTTPS://host?b", "?b"),
            ("/a?u=http://host/", "/a?u=http://host/"),
            ("//host/a", "//host/a"),
            ("://a", "://a"),
        ] {
            assert_eq!(without_origin(uri.as_bytes()), expected.as_bytes(), "{uri}");
        }
    }

    #[test]
    fn ports_are_no_part_of_hosts() {
        for (host, expected) in [("a:80", "a"), ("a", "a"), ("[::1]:80", "[::1]"), ("[::1]", "[::1]")] {
            assert_eq!(without_port(host.as_bytes()), expected.as_bytes(), "{host}");
        }
    }
}
