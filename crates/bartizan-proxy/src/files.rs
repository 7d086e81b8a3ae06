//! Scripts and style sheets that never change, on their way out: a pilot is told the digests of their bytes.
//!
//! Nothing of them is changed or kept back. A file says of itself that it never changes, by `immutable` or by a digest
//! in its name; a version in a query does not, since servers answer an old one with the new file.

use std::fmt::{self, Debug};
use std::net::IpAddr;
use std::sync::Arc;

use bartizan_headers::content_type::ContentType;
use bartizan_headers::{CacheControl, Field as _};
use bartizan_rewrite::Digest;
use bartizan_rewrite::coding::{Coding, Decoded, Decoder};
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, LAST_MODIFIED, SET_COOKIE, VARY,
};
use http::{HeaderMap, Method, StatusCode};
use sha2::{Digest as _, Sha256};

/// A file that never changes and is about to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedFile {
    /// The site's name.
    pub site: Arc<str>,
    /// The client.
    pub client: IpAddr,
    /// Path and query.
    pub address: String,
    /// What the answer says of its version.
    pub version: String,
}

/// How a file is read, if it says that it never changes.
pub(crate) fn coding(method: &Method, status: StatusCode, path: &str, headers: &HeaderMap) -> Option<Coding> {
    if *method != Method::GET || status != StatusCode::OK || headers.contains_key(SET_COOKIE) {
        return None;
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = ContentType::parse(&[text(CONTENT_TYPE)?]).value?;
    if !matches!(kind.essence(), "text/javascript" | "application/javascript" | "text/css") {
        return None;
    }
    let cache = text(CACHE_CONTROL).and_then(|line| CacheControl::parse(&[line]).value);
    let says = |name: &str| cache.iter().flat_map(CacheControl::directives).any(|said| said.name == name);
    let is_fixed = says("immutable") || has_digest(path);
    // What differs from client to client is not one file.
    let varies = text(VARY).is_some_and(|vary| vary.split(',').any(|name| !is_harmless(name)));
    if !is_fixed || varies || says("no-store") {
        return None;
    }
    match text(CONTENT_ENCODING) {
        None => Some(Coding::Identity),
        Some(name) => Coding::of(name),
    }
}

/// Returns what an answer says of its version.
pub(crate) fn version(headers: &HeaderMap) -> String {
    let said =
        [ETAG, LAST_MODIFIED, CONTENT_LENGTH].map(|name| headers.get(name).and_then(|value| value.to_str().ok()));
    said.into_iter().flatten().collect::<Vec<_>>().join(" ").chars().take(LONGEST_VERSION).collect()
}

/// Whether a file's name holds a digest, as builders of apps write it: `app.4f2a9c1b.js`, `index-BfX3k2Qz.css`.
fn has_digest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    // A name alone, such as `jquery`, is none.
    stem.split(['.', '-', '_']).skip(1).any(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let is_word = part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        // Dates and versions are digits alone.
        part.len() >= SHORTEST_DIGEST && is_word && digits >= 1 && digits < part.len()
    })
}

fn is_harmless(name: &str) -> bool {
    matches!(name.trim().to_ascii_lowercase().as_str(), "" | "accept-encoding" | "origin")
}

/// Builders cut digests to eight characters and more.
const SHORTEST_DIGEST: usize = 8;

const LONGEST_VERSION: usize = 200;

/// The digest of a body, while the body passes.
pub(crate) struct Hashing {
    decoder: Decoder,
    hash: Sha256,
    plain: Vec<u8>,
    /// How many bytes may still unfold.
    left: usize,
    /// Told the digest; nothing once it was, or if there will be none.
    tell: Option<Box<dyn FnOnce(Digest)>>,
}

impl Hashing {
    pub(crate) fn new(coding: Coding, tell: Box<dyn FnOnce(Digest)>) -> Self {
        let decoder = Decoder::new(coding);
        Self { decoder, hash: Sha256::new(), plain: Vec::new(), left: LARGEST, tell: Some(tell) }
    }

    /// Takes the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        if self.tell.is_some() {
            self.decoder.give(bytes);
            self.unfold();
        }
    }

    /// Says that the body is complete.
    pub(crate) fn end(&mut self) {
        if self.tell.is_none() {
            return;
        }
        self.decoder.end();
        if self.unfold()
            && let Some(tell) = self.tell.take()
        {
            tell(Digest::from_bytes(std::mem::take(&mut self.hash).finalize().into()));
        }
    }

    /// Reads what can be read; says whether the body is over.
    fn unfold(&mut self) -> bool {
        loop {
            self.plain.clear();
            match self.decoder.read(&mut self.plain) {
                Ok(Decoded::Some) => {
                    let Some(left) = self.left.checked_sub(self.plain.len()) else { break };
                    self.left = left;
                    self.hash.update(&self.plain);
                }
                Ok(Decoded::NeedsMore) => return false,
                Ok(Decoded::Over) => return true,
                Err(_) => break,
            }
        }
        // It cannot be read, or is too large to be worth it.
        self.tell = None;
        false
    }
}

impl Debug for Hashing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hashing").field("left", &self.left).finish_non_exhaustive()
    }
}

/// Larger than the scripts of large apps, and a tenth of a second's work.
const LARGEST: usize = 16 << 20;

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use bartizan_rewrite::coding::Encoder;
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_files_that_say_so_never_change() {
        const JS: (&str, &str) = ("content-type", "text/javascript; charset=utf-8");
        const FIXED: (&str, &str) = ("cache-control", "public, max-age=31536000, immutable");
        for (path, status, lines, is_fixed) in [
            ("/app.js", 200, &[JS, FIXED][..], true),
            ("/app.js", 200, &[JS], false),
            ("/app.4f2a9c1b.js", 200, &[JS], true),
            ("/assets/index-BfX3k2Qz.js", 200, &[JS], true),
            ("/app.20260101.js", 200, &[JS], false), // a date
            ("/jquery-3.7.1.min.js", 200, &[JS], false),
            ("/4f2a9c1b.js", 200, &[JS], false), // a name
            ("/app.js?v=4f2a9c1b", 200, &[JS], false),
            ("/app.4f2a9c1b.css", 200, &[("content-type", "text/css")], true),
            ("/app.4f2a9c1b.html", 200, &[("content-type", "text/html")], false),
            ("/app.4f2a9c1b.js", 206, &[JS], false),
            ("/app.4f2a9c1b.js", 304, &[JS], false),
            ("/app.4f2a9c1b.js", 200, &[JS, ("vary", "Accept-Encoding")], true),
            ("/app.4f2a9c1b.js", 200, &[JS, ("vary", "Cookie")], false),
            ("/app.4f2a9c1b.js", 200, &[JS, ("vary", "*")], false),
            ("/app.4f2a9c1b.js", 200, &[JS, ("set-cookie", "a=b")], false),
            ("/app.4f2a9c1b.js", 200, &[JS, ("content-encoding", "br")], true),
            ("/app.4f2a9c1b.js", 200, &[JS, ("content-encoding", "dcb")], false),
        ] {
            let path = path.split('?').next().unwrap();
            let found = coding(&Method::GET, StatusCode::from_u16(status).unwrap(), path, &headers(lines));
            assert_eq!(found.is_some(), is_fixed, "{path} {status} {lines:?}");
        }
        assert_eq!(coding(&Method::HEAD, StatusCode::OK, "/app.js", &headers(&[JS, FIXED])), None);
    }

    #[test]
    fn the_digest_is_that_of_the_bytes_unfolded() {
        for coding in [Coding::Identity, Coding::Gzip, Coding::Brotli] {
            let mut folded = Vec::new();
            let mut encoder = Encoder::new(coding).unwrap();
            encoder.write(b"run()", &mut folded).unwrap();
            encoder.end(&mut folded).unwrap();
            for (is_whole, expected) in [(true, Some(Digest::of("run()"))), (false, None)] {
                let told = Rc::new(Cell::new(None));
                let tell = Rc::clone(&told);
                let mut hashing = Hashing::new(coding, Box::new(move |digest| tell.set(Some(digest))));
                folded.chunks(3).for_each(|piece| hashing.take(piece));
                if is_whole {
                    hashing.end();
                }
                assert_eq!(told.get(), expected, "{coding:?} {is_whole}");
            }
        }
    }
}
