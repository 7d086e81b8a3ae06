//! Path and query in one canonical form, which router, stages and upstream all see.
//!
//! Two programs that read one path differently are how a deny rule is walked around, so there is one
//! form (RFC 3986, 6.2.2), and a path that a generous reader would take elsewhere is refused. The query
//! is left as it was sent: its meaning belongs to the app.

use std::borrow::Cow;

use http::uri::PathAndQuery;

use crate::config::EncodedSlashes;

/// A canonical path, and the query as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    path_and_query: PathAndQuery,
    /// Whether a generous reader might see another path: something is encoded, doubled or a parameter.
    has_second_reading: bool,
}

/// Why a path has no canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetFault {
    /// A dot segment leads above the root, plainly, behind an encoding, or behind a path parameter.
    #[error("the path climbs above its place")]
    Climbs,
    /// `%` is not followed by two hexadecimal digits.
    #[error("a percent sign is not followed by two hexadecimal digits")]
    Escape,
    /// A control character, a space, a backslash, or a byte beyond ASCII.
    #[error("the path or query has a character that may not stand there")]
    Character,
    /// `%00`.
    #[error("the path has an encoded NUL")]
    Nul,
    /// The path does not begin with a slash.
    #[error("the path does not begin with a slash")]
    Relative,
    /// `%2F` or `%5C` on a site that refuses them.
    #[error("the path has an encoded slash")]
    EncodedSlash,
}

impl Target {
    /// Brings a target into canonical form.
    ///
    /// Unreserved characters are decoded, other escapes get upper-case digits, characters that RFC 3986
    /// does not allow raw are encoded, dot segments are resolved and leading slashes become one.
    /// Slashes within the path are left doubled: apps put whole addresses into a path.
    ///
    /// # Errors
    ///
    /// A [`TargetFault`] says why two readers could disagree on the path.
    pub fn canonical(raw: &PathAndQuery) -> Result<Self, TargetFault> {
        let text = raw.as_str();
        if text == "*" {
            return Ok(Self { path_and_query: raw.clone(), has_second_reading: false });
        }
        if !text.starts_with('/') {
            return Err(TargetFault::Relative);
        }
        if is_plain(text.as_bytes()) {
            return Ok(Self { path_and_query: raw.clone(), has_second_reading: false });
        }
        let (path, query) = match text.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (text, None),
        };
        if query.is_some_and(|query| query.bytes().any(|byte| !matches!(byte, 0x21..=0x7e) || byte == b'#')) {
            return Err(TargetFault::Character);
        }
        let spelled = spell(path)?;
        refuse_hidden_climb(&spelled)?;
        let mut whole = resolve_dots(&spelled)?;
        let has_second_reading = whole.contains(['%', ';']) || whole.contains("//");
        if let Some(query) = query {
            whole.push('?');
            whole.push_str(query);
        }
        let path_and_query = PathAndQuery::try_from(whole).map_err(|_| TargetFault::Character)?;
        Ok(Self { path_and_query, has_second_reading })
    }

    /// Applies a site's choice for encoded slashes.
    ///
    /// # Errors
    ///
    /// [`TargetFault::EncodedSlash`] where the site refuses them.
    pub fn with_slashes(self, choice: EncodedSlashes) -> Result<Self, TargetFault> {
        if choice == EncodedSlashes::Keep || !(self.path().contains("%2F") || self.path().contains("%5C")) {
            return Ok(self);
        }
        if choice == EncodedSlashes::Refuse {
            return Err(TargetFault::EncodedSlash);
        }
        let mut whole = self.path().replace("%2F", "/").replace("%5C", "/");
        if let Some(query) = self.query() {
            whole.push('?');
            whole.push_str(query);
        }
        Self::canonical(&PathAndQuery::try_from(whole).map_err(|_| TargetFault::Character)?)
    }

    /// Returns the canonical path.
    pub fn path(&self) -> &str {
        self.path_and_query.path()
    }

    /// Returns the query without its question mark.
    pub fn query(&self) -> Option<&str> {
        self.path_and_query.query()
    }

    /// Returns both as they are sent upstream.
    pub fn path_and_query(&self) -> &PathAndQuery {
        &self.path_and_query
    }

    /// Returns the paths that generous apps would read, where they could differ from the canonical one: decoded any
    /// number of times, backslashes as slashes, parameters cut off, doubled slashes merged, dots resolved, and what
    /// follows a decoded `?` or `#` kept or cut off.
    ///
    /// WSGI and Java servers read paths like this; a second proxy or a careless app decodes twice. A route that one of
    /// these readings meets and the canonical path does not is a way around a rule.
    pub fn other_readings(&self) -> Vec<String> {
        let mut readings = Vec::new();
        if !self.has_second_reading {
            return readings;
        }
        let mut text = Cow::Borrowed(self.path());
        // As often as in `refuse_hidden_climb`, which let nothing pass that could be decoded more often.
        for _ in 0..=4 {
            readings.push(read_generously(&text));
            if let Some(end) = text.find(['?', '#']) {
                readings.push(read_generously(text.get(..end).unwrap_or_default()));
            }
            let decoded = percent_encoding::percent_decode_str(&text).decode_utf8_lossy();
            if decoded == text {
                break;
            }
            text = Cow::Owned(decoded.into_owned());
        }
        readings
    }
}

/// Reads a path as the most generous app would once it is decoded.
fn read_generously(text: &str) -> String {
    let mut segments = Vec::new();
    for segment in text.split(['/', '\\']) {
        match segment.split(';').next().unwrap_or_default() {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let mut path = String::with_capacity(text.len() + 1);
    for segment in &segments {
        path.push('/');
        path.push_str(segment);
    }
    if path.is_empty() || text.ends_with(['/', '\\']) {
        path.push('/');
    }
    path
}

/// Whether the text is canonical at a glance: the case of nearly every request.
fn is_plain(text: &[u8]) -> bool {
    let mut previous = 0;
    let mut in_query = false;
    for &byte in text {
        let fits = match byte {
            b'?' => {
                in_query = true;
                true
            }
            _ if in_query => matches!(byte, 0x21 | 0x22 | 0x24..=0x7e),
            b'/' | b'.' => previous != b'/',
            // A parameter has a second reading; everything else here is allowed raw (RFC 3986, 3.3).
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => true,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@' => true,
            _ => false,
        };
        if !fits {
            return false;
        }
        previous = byte;
    }
    true
}

/// Writes each character in its one spelling.
fn spell(path: &str) -> Result<String, TargetFault> {
    let bytes = path.as_bytes();
    let mut spelled = String::with_capacity(bytes.len() + 16);
    let mut rest = bytes.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let high = rest.next().and_then(hex).ok_or(TargetFault::Escape)?;
                let low = rest.next().and_then(hex).ok_or(TargetFault::Escape)?;
                match high << 4 | low {
                    0 => return Err(TargetFault::Nul),
                    value if value.is_ascii_alphanumeric() || b"-._~".contains(&value) => spelled.push(value.into()),
                    value => push_escape(&mut spelled, value),
                }
            }
            b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' | b'[' | b']' => push_escape(&mut spelled, byte),
            b'\\' | b'#' | 0..=0x20 | 0x7f.. => return Err(TargetFault::Character),
            _ => spelled.push(byte.into()),
        }
    }
    Ok(spelled)
}

/// Refuses dot segments that appear only after decoding (once or more) or after cutting off a parameter.
fn refuse_hidden_climb(spelled: &str) -> Result<(), TargetFault> {
    let mut reading = Cow::Borrowed(spelled);
    // Four levels: no known chain of servers decodes more often, and each level costs one pass.
    for _ in 0..4 {
        let climbs = reading.split(['/', '\\']).any(|segment| match segment.split_once(';') {
            Some((name, _)) => name == ".." || name == ".",
            None => false,
        });
        if climbs {
            return Err(TargetFault::Climbs);
        }
        let decoded: Cow<'_, str> = percent_encoding::percent_decode_str(&reading).decode_utf8_lossy();
        if decoded == reading {
            return Ok(());
        }
        let dots = |text: &str| text.split(['/', '\\']).filter(|segment| *segment == "..").count();
        if dots(&decoded) > dots(&reading) || decoded.contains('\0') {
            return Err(TargetFault::Climbs);
        }
        reading = Cow::Owned(decoded.into_owned());
    }
    Err(TargetFault::Climbs)
}

/// Resolves `.` and `..` (RFC 3986, 5.2.4) and makes leading slashes one.
fn resolve_dots(path: &str) -> Result<String, TargetFault> {
    let mut resolved: Vec<&str> = Vec::new();
    let mut segments = path.trim_start_matches('/').split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." && resolved.pop().is_none() {
                    return Err(TargetFault::Climbs);
                }
                if is_last {
                    resolved.push("");
                }
            }
            _ => resolved.push(segment),
        }
    }
    let mut whole = String::with_capacity(path.len());
    for segment in &resolved {
        // `/..//x` must not come out with a doubled slash in front.
        if segment.is_empty() && whole.is_empty() && resolved.len() > 1 {
            continue;
        }
        whole.push('/');
        whole.push_str(segment);
    }
    if whole.is_empty() {
        whole.push('/');
    }
    Ok(whole)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn push_escape(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    text.push('%');
    text.push(DIGITS[usize::from(byte >> 4)].into());
    text.push(DIGITS[usize::from(byte & 15)].into());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str) -> Result<String, TargetFault> {
        Target::canonical(&PathAndQuery::try_from(raw).map_err(|_| TargetFault::Character)?)
            .map(|target| target.path_and_query().as_str().to_owned())
    }

    #[test]
    fn one_spelling_for_each_path() {
        for (raw, canonical) in [
            ("/", "/"),
            ("/a/b?c=d", "/a/b?c=d"),
            ("/%61", "/a"),
            ("/%7euser", "/~user"),
            ("/a%2fb", "/a%2Fb"),
            ("/a%20b", "/a%20b"),
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/%2e%2e/b", "/b"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"),
            ("//a", "/a"),
            ("///a//b", "/a//b"),
            ("/a/..//b", "/b"),
            ("/x/http://y", "/x/http://y"),
            ("/{id}|x", "/%7Bid%7D%7Cx"),
            ("/a;v=1", "/a;v=1"),
            ("/.well-known/x", "/.well-known/x"),
            ("/a/...", "/a/..."),
            ("/?q=../..", "/?q=../.."),
            ("/?q=100%", "/?q=100%"),
        ] {
            assert_eq!(check(raw).as_deref(), Ok(canonical), "{raw}");
        }
    }

    #[test]
    fn paths_with_two_readings_are_refused() {
        for (raw, fault) in [
            ("/..", TargetFault::Climbs),
            ("/a/../../b", TargetFault::Climbs),
            ("/%2e%2e/b", TargetFault::Climbs),
            ("/a/..%2fb", TargetFault::Climbs),
            ("/a/..%5cb", TargetFault::Climbs),
            ("/a/%252e%252e/b", TargetFault::Climbs),
            ("/a/%25252e%25252e/b", TargetFault::Climbs),
            ("/a/..;/b", TargetFault::Climbs),
            ("/a/..;x=y/b", TargetFault::Climbs),
            ("/a/%2e%2e%3b/b", TargetFault::Climbs),
            ("/a%00", TargetFault::Nul),
            ("/a%", TargetFault::Escape),
            ("/a%zz", TargetFault::Escape),
            ("/a%2", TargetFault::Escape),
        ] {
            assert_eq!(check(raw), Err(fault), "{raw}");
        }
        for byte in [b'\\', 0x7f, 0x80, b' ', b'\t'] {
            assert!(check(&format!("/a{}", char::from(byte))).is_err(), "{byte:#x}");
        }
    }

    #[test]
    fn the_canonical_form_is_its_own_canonical_form() {
        for raw in ["/a/%2e%2e/b", "/a%2fb", "/{x}", "///a//b/./c", "/a;b/../c;d", "/%41%42/..", "/a/..//..%20/x"] {
            if let Ok(once) = check(raw) {
                assert_eq!(check(&once).as_ref(), Ok(&once), "{raw}");
            }
        }
    }

    #[test]
    fn other_readings_are_the_generous_ones() {
        for (raw, readings) in [
            ("/a/b", &[][..]),
            ("/int%65rnal/", &[]), // canonical already
            ("/internal%2Fx", &["/internal%2Fx", "/internal/x"]),
            ("/a//internal/", &["/a/internal/"]),
            ("/internal;x/y", &["/internal/y"]),
            ("/a%5Cb", &["/a%5Cb", "/a/b"]),
            ("/%2569nternal", &["/%2569nternal", "/%69nternal", "/internal"]),
            ("/internal%3Fx", &["/internal%3Fx", "/internal?x", "/internal"]),
            ("/internal%2523x", &["/internal%2523x", "/internal%23x", "/internal#x", "/internal"]),
        ] {
            let target = Target::canonical(&PathAndQuery::from_static(raw)).unwrap();
            assert_eq!(target.other_readings(), readings, "{raw}");
        }
    }

    #[test]
    fn encoded_slashes_follow_the_site() {
        let target = || Target::canonical(&PathAndQuery::from_static("/a%2Fb?x")).unwrap();
        assert_eq!(target().with_slashes(EncodedSlashes::Keep).unwrap().path(), "/a%2Fb");
        assert_eq!(target().with_slashes(EncodedSlashes::Decode).unwrap().path_and_query().as_str(), "/a/b?x");
        assert_eq!(target().with_slashes(EncodedSlashes::Refuse), Err(TargetFault::EncodedSlash));
    }
}
