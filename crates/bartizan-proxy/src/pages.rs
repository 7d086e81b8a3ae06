//! Pages of the app on their way out: unfolded, met with nonces, folded again.
//!
//! Whether and how is decided by a [`Pilot`], which is handed over when the wall starts. Only complete answers of type
//! HTML are touched; what is not understood passes as it came.
//!
//! A page and the policy it came with belong together, nonce and all. So a rewritten page is closed to shared caches,
//! its validators become weak, and a 304 says nothing of policies: the browser keeps those of the page that it has.
//!
//! Folding a page that holds both a secret and what a visitor typed can tell the secret by the length (BREACH). The
//! wall folds only what the app had folded before, and the nonce it adds is fresh for each answer.

use std::fmt::{self, Debug};
use std::net::IpAddr;
use std::sync::Arc;

use bartizan_headers::content_type::ContentType;
use bartizan_headers::{CacheControl, Field};
use bartizan_rewrite::coding::{Coding, DecodeError, Decoded, Decoder, Encoder};
use bartizan_rewrite::{Asker, Digest, Inventory, Page, Rewriter, Summary};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::config::HeaderPlan;
use crate::files::FixedFile;
use crate::visits::{Foreign, Visit};

/// Decides what becomes of pages, and is told what they contained.
pub trait Pilot: Send + Sync + Debug {
    /// Returns what to do with a page; nothing to leave it alone.
    fn plan(&self, ask: &PageAsk<'_>) -> Option<PagePlan>;

    /// Takes note of what a page contained.
    fn saw(&self, sight: PageSight, summary: Summary);

    /// Whether the digest of a file is wanted.
    fn wants(&self, file: &FixedFile) -> bool;

    /// Takes note of the digest of a file's bytes, unfolded.
    fn hashed(&self, file: FixedFile, digest: Digest);

    /// Takes note of what another site's page did.
    fn visited(&self, visit: Visit);
}

/// A page that is about to leave.
#[derive(Debug, Clone, Copy)]
pub struct PageAsk<'a> {
    /// The site's name.
    pub site: &'a str,
    /// The client: the peer, or whom a trusted proxy names.
    pub client: IpAddr,
    /// The host that was asked for, with its port.
    pub host: &'a str,
    /// Path and query in canonical form.
    pub path: &'a str,
    /// Whether the client spoke HTTPS.
    pub https: bool,
    /// Whether a browser shows it, or a script asked for it.
    pub asker: Asker,
    /// The app's own header lines.
    pub headers: &'a HeaderMap,
    /// What the configuration sends with it.
    pub configured: &'a HeaderPlan,
    /// The `charset` of the page, if it names one.
    pub charset: Option<&'a str>,
}

/// What to do with a page.
#[derive(Debug, Clone)]
pub struct PagePlan {
    /// How to rewrite it.
    pub page: Page,
    /// What is known of the site.
    pub inventory: Arc<Inventory>,
    /// The policies to send in the place of the site's.
    pub policy: PagePolicy,
}

/// What of a request is kept for its answer, where a pilot decides over pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Its `Accept-Encoding`, for pages that are folded again.
    pub accept_encoding: Box<str>,
    /// Its `If-None-Match`, for pages whose validators were made weak.
    pub if_none_match: Box<str>,
    /// Who asked.
    pub(crate) asker: Asker,
    /// Whose page caused it, if it was another site's.
    pub(crate) foreign: Option<Foreign>,
}

/// The policies of one page, beside the app's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PagePolicy {
    /// Enforced.
    pub enforced: Option<HeaderValue>,
    /// Reported on.
    pub reported: Option<HeaderValue>,
}

/// Which page it was, for [`Pilot::saw`].
#[derive(Debug, Clone)]
pub struct PageSight {
    /// The site's name.
    pub site: Arc<str>,
    /// The client.
    pub client: IpAddr,
    /// The host that was asked for, with its port.
    pub host: String,
    /// Whether the client spoke HTTPS.
    pub https: bool,
    /// The path, without its query.
    pub path: String,
    /// The answer's status.
    pub status: StatusCode,
    /// The policies that it leaves with.
    pub policies: SentPolicies,
}

/// The policies that a page leaves with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SentPolicies {
    /// Those that the app enforces, line by line.
    pub app: Vec<String>,
    /// Ours, beside them.
    pub ours: PagePolicy,
    /// The nonce in ours.
    pub nonce: String,
}

/// What a page's headers say of its body; nothing where it must pass untouched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) charset: Option<String>,
    pub(crate) coding: Coding,
}

impl Form {
    /// Reads the headers of an answer.
    pub(crate) fn of(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        // Parts of a page, and answers without one, have nothing that could be rewritten.
        let is_whole = !status.is_informational()
            && !status.is_redirection()
            && !matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::PARTIAL_CONTENT);
        let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let content_type = ContentType::parse(&[content_type]).value?;
        if !is_whole || content_type.essence() != "text/html" {
            return None;
        }
        let mut codings = headers.get_all(CONTENT_ENCODING).iter();
        let coding = match (codings.next(), codings.next()) {
            (None, _) => Coding::Identity,
            (Some(name), None) => Coding::of(name.to_str().ok()?)?,
            (Some(_), Some(_)) => return None,
        };
        Some(Self { charset: content_type.charset().map(str::to_owned), coding })
    }
}

/// Makes the headers fit a body that will differ from the app's, and returns how it will be folded.
pub(crate) fn adjust(headers: &mut HeaderMap, coding: Coding, accepted: &str) -> Coding {
    headers.remove(CONTENT_LENGTH);
    headers.remove(ACCEPT_RANGES);
    for digest in &DIGESTS {
        headers.remove(digest);
    }
    if let Some(weak) = headers.get(ETAG).and_then(weakened) {
        headers.insert(ETAG, weak);
    }
    close_to_shared_caches(headers);
    if coding == Coding::Identity {
        return coding;
    }
    let folded = Coding::negotiate(accepted);
    match folded.name() {
        Some(name) => headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name)),
        None => headers.remove(CONTENT_ENCODING),
    };
    let varies = headers.get_all(VARY).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    if !varies.map(str::trim).any(|name| name == "*" || name.eq_ignore_ascii_case("accept-encoding")) {
        headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    folded
}

/// Says who asks for a page: a browser names what it asks for (Fetch Metadata, 2.1), and many libraries of scripts
/// name themselves.
pub(crate) fn asker(headers: &HeaderMap) -> Asker {
    let is = |name: &str, value: &str| {
        headers.get(name).is_some_and(|line| line.as_bytes().eq_ignore_ascii_case(value.as_bytes()))
    };
    if is("sec-fetch-dest", "empty") || is("x-requested-with", "XMLHttpRequest") { Asker::Script } else { Asker::Visit }
}

/// Digests of a body that is no longer sent (RFC 9530; RFC 1864).
static DIGESTS: [HeaderName; 4] = [
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("repr-digest"),
];

/// The page means the same and has other bytes (RFC 9110, 8.8.1).
fn weakened(etag: &HeaderValue) -> Option<HeaderValue> {
    let text = etag.to_str().ok()?;
    if text.starts_with("W/") { None } else { HeaderValue::try_from(format!("W/{text}")).ok() }
}

/// Makes a 304 name the validator that the page was sent with (RFC 9110, 15.4.5): the weak one, where that was asked with.
pub(crate) fn confirm(headers: &mut HeaderMap, if_none_match: &str) {
    let Some(weak) = headers.get(ETAG).and_then(weakened) else { return };
    let is_asked = weak.to_str().is_ok_and(|weak| if_none_match.split(',').any(|tag| tag.trim() == weak));
    if is_asked {
        headers.insert(ETAG, weak);
    }
}

/// A nonce that a shared cache hands to everybody is a word that everybody knows.
fn close_to_shared_caches(headers: &mut HeaderMap) {
    let lines: Vec<&str> = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok()).collect();
    let said = CacheControl::parse(&lines).value;
    if said.as_ref().is_some_and(CacheControl::is_closed_to_shared_caches) {
        return;
    }
    let kept = said.iter().flat_map(|said| said.directives());
    let kept = kept.filter(|directive| !["public", "s-maxage", "proxy-revalidate"].contains(&directive.name.as_str()));
    let value = kept.fold("private".to_owned(), |line, directive| format!("{line}, {directive}"));
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(CACHE_CONTROL, value);
    }
}

/// A page under way.
pub(crate) struct Rewriting {
    decoder: Decoder,
    /// None once the page has ended.
    parts: Option<(Rewriter, Encoder)>,
    /// Whether the encoder holds bytes that nobody has seen.
    is_unflushed: bool,
    /// Told what the page contained.
    tell: Option<Box<dyn FnOnce(Summary)>>,
    plain: Vec<u8>,
    rewritten: Vec<u8>,
}

/// What a page's next step gave.
#[derive(Debug)]
pub(crate) enum Next {
    /// More of the app's body is needed.
    NeedsMore,
    /// The page is complete.
    Over,
    /// Bytes for the client.
    Some(Vec<u8>),
}

impl Rewriting {
    pub(crate) fn new(rewriter: Rewriter, from: Coding, encoder: Encoder, tell: Box<dyn FnOnce(Summary)>) -> Self {
        Self {
            decoder: Decoder::new(from),
            parts: Some((rewriter, encoder)),
            is_unflushed: false,
            tell: Some(tell),
            plain: Vec::new(),
            rewritten: Vec::new(),
        }
    }

    /// Takes bytes of the app's body.
    pub(crate) fn give(&mut self, bytes: &[u8]) {
        self.decoder.give(bytes);
    }

    /// Says that the app's body is complete.
    pub(crate) fn end(&mut self) {
        self.decoder.end();
    }

    /// Returns what can be sent on; each step is bounded, however much the body unfolds to.
    pub(crate) fn next(&mut self) -> Result<Next, DecodeError> {
        let mut out = Vec::new();
        loop {
            let Some((rewriter, encoder)) = &mut self.parts else { return Ok(Next::Over) };
            self.plain.clear();
            self.rewritten.clear();
            match self.decoder.read(&mut self.plain)? {
                Decoded::Some => {
                    rewriter.write(&self.plain, &mut self.rewritten);
                    if self.rewritten.is_empty() {
                        continue;
                    }
                    // Writing into memory fails only where there is none.
                    let _ = encoder.write(&self.rewritten, &mut out);
                    self.is_unflushed = true;
                    if !out.is_empty() {
                        return Ok(Next::Some(out));
                    }
                }
                // The app pauses: what it has said so far is shown.
                Decoded::NeedsMore if self.is_unflushed => {
                    let _ = encoder.flush(&mut out);
                    self.is_unflushed = false;
                    if !out.is_empty() {
                        return Ok(Next::Some(out));
                    }
                }
                Decoded::NeedsMore => return Ok(Next::NeedsMore),
                Decoded::Over => {
                    let Some((rewriter, mut encoder)) = self.parts.take() else { return Ok(Next::Over) };
                    let summary = rewriter.end(&mut self.rewritten);
                    if let Some(tell) = self.tell.take() {
                        tell(summary);
                    }
                    let _ = encoder.write(&self.rewritten, &mut out);
                    let _ = encoder.end(&mut out);
                    return Ok(if out.is_empty() { Next::Over } else { Next::Some(out) });
                }
            }
        }
    }

    /// Whether nothing will follow.
    pub(crate) const fn is_over(&self) -> bool {
        self.parts.is_none()
    }
}

impl Debug for Rewriting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rewriting").field("decoder", &self.decoder).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_whole_pages_are_touched() {
        for (status, lines, is_touched) in [
            (200, &[("content-type", "text/html; charset=utf-8")][..], true),
            (404, &[("content-type", "Text/HTML")], true),
            (200, &[("content-type", "text/html"), ("content-encoding", "br")], true),
            (200, &[("content-type", "text/html"), ("content-encoding", "dcb")], false), // not understood
            (200, &[("content-type", "text/html"), ("content-encoding", "gzip, br")], false),
            (206, &[("content-type", "text/html")], false),
            (304, &[("content-type", "text/html")], false),
            (302, &[("content-type", "text/html")], false),
            (200, &[("content-type", "application/xhtml+xml")], false), // no HTML parser may read it
            (200, &[("content-type", "application/json")], false),
            (200, &[], false),
        ] {
            let form = Form::of(StatusCode::from_u16(status).unwrap(), &map(lines));
            assert_eq!(form.is_some(), is_touched, "{status} {lines:?}");
        }
    }

    #[test]
    fn scripts_that_ask_are_told_from_browsers() {
        for (lines, expected) in [
            (&[("sec-fetch-dest", "document")][..], Asker::Visit),
            (&[("sec-fetch-dest", "iframe")], Asker::Visit),
            (&[("sec-fetch-dest", "empty")], Asker::Script),
            (&[("x-requested-with", "XMLHttpRequest")], Asker::Script),
            (&[("x-requested-with", "org.example.browser")], Asker::Visit), // an app's own window
            (&[], Asker::Visit),
        ] {
            assert_eq!(asker(&map(lines)), expected, "{lines:?}");
        }
    }

    #[test]
    fn headers_fit_the_body_that_is_sent() {
        for (lines, coding, accepted, expected) in [
            (
                &[("etag", "\"a\""), ("content-length", "5"), ("accept-ranges", "bytes")][..],
                Coding::Identity,
                "gzip",
                &[("etag", "W/\"a\""), ("cache-control", "private")][..],
            ),
            (
                &[("etag", "W/\"a\""), ("cache-control", "public, max-age=60, s-maxage=9")],
                Coding::Identity,
                "",
                &[("etag", "W/\"a\""), ("cache-control", "private, max-age=60")],
            ),
            (
                &[("cache-control", "no-store"), ("content-encoding", "gzip"), ("vary", "Cookie, accept-encoding")],
                Coding::Gzip,
                "br",
                &[("cache-control", "no-store"), ("content-encoding", "br"), ("vary", "Cookie, accept-encoding")],
            ),
            (
                &[("content-encoding", "br"), ("content-digest", "sha-256=:x:")],
                Coding::Brotli,
                "",
                &[("vary", "Accept-Encoding"), ("cache-control", "private")],
            ),
        ] {
            let mut headers = map(lines);
            let folded = adjust(&mut headers, coding, accepted);
            assert_eq!(headers, map(expected));
            assert_eq!(folded.name(), headers.get("content-encoding").map(|value| value.to_str().unwrap()));
        }
    }
}
