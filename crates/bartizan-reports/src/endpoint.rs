//! The endpoint of browsers: which requests are taken, and the answer to each.
//!
//! A pure mapping from a request to a status: no cookie, no echo, nothing of what was sent. Browsers send
//! again what is refused, and that for minutes: so all but nonsense is 204.

use std::net::IpAddr;
use std::sync::Arc;

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::collector::{Collector, Sender, now};
use crate::receive::{Labels, Refusal};
use crate::rules::NO_NAME;

/// An endpoint for reports.
#[derive(Debug, Clone)]
pub struct Endpoint {
    collector: Arc<Collector>,
    prefix: Arc<str>,
}

/// A request, but for its body.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path.
    pub path: &'a str,
    /// The header.
    pub headers: &'a HeaderMap,
    /// Who asks.
    pub client: IpAddr,
    /// The site at whose host it is asked, where a wall knows it.
    pub site: Option<&'a str>,
}

/// An answer; there is never a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The header.
    pub headers: HeaderMap,
}

/// What of a request must be known before its body is read.
#[derive(Debug, Clone, PartialEq)]
pub enum Opening {
    /// It is answered without its body.
    Answer(Answer),
    /// Its body is to be read, so many bytes at most.
    Read(usize),
}

impl Endpoint {
    /// Makes the endpoint below a path, such as `/reports`.
    pub fn new(collector: Arc<Collector>, prefix: &str) -> Self {
        Self { collector, prefix: prefix.trim_end_matches('/').into() }
    }

    /// Returns the collector.
    pub fn collector(&self) -> &Arc<Collector> {
        &self.collector
    }

    /// Returns the path below which it answers.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Answers a request by its head, or asks for its body.
    pub fn open(&self, ask: &Ask<'_>) -> Opening {
        if self.place(ask).is_none() {
            return Opening::Answer(answer(StatusCode::NOT_FOUND));
        }
        match *ask.method {
            Method::OPTIONS => Opening::Answer(preflight()),
            Method::POST => Opening::Read(self.collector.settings().body.bytes),
            _ => {
                let mut answer = answer(StatusCode::METHOD_NOT_ALLOWED);
                answer.headers.insert(ALLOW, METHODS);
                Opening::Answer(answer)
            }
        }
    }

    /// Takes the body that was asked for; none means that it was longer than it may be.
    pub fn take(&self, ask: &Ask<'_>, body: Option<&[u8]>) -> Answer {
        let Some((site, policy)) = self.place(ask) else { return answer(StatusCode::NOT_FOUND) };
        let text = |name: &HeaderName| ask.headers.get(name).map(|value| value.to_str().unwrap_or(UNREADABLE));
        let labels = Labels { content_type: text(&CONTENT_TYPE), content_encoding: text(&CONTENT_ENCODING) };
        let user_agent = text(&USER_AGENT).unwrap_or_default();
        let sender = Sender { site, policy, address: ask.client, user_agent };
        let taken = match body {
            None => Err(Refusal::Size),
            Some(body) => self.collector.receive(&sender, labels, body, now()),
        };
        answer(match taken {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(Refusal::Encoding | Refusal::Json(_) | Refusal::Nothing) => StatusCode::BAD_REQUEST,
            Err(Refusal::Size) => StatusCode::PAYLOAD_TOO_LARGE,
            Err(Refusal::Type) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        })
    }

    /// Returns site and version of the policy: `/SITE/VERSION`, `/SITE`, or nothing. Behind a wall a first
    /// part that is no site's name is the version for the site at hand.
    fn place<'a>(&self, ask: &Ask<'a>) -> Option<(&'a str, &'a str)> {
        let rest = ask.path.strip_prefix(&*self.prefix)?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix('/')? };
        let mut parts = rest.split('/').filter(|part| !part.is_empty());
        let (first, second) = (parts.next(), parts.next());
        let are_names = [first, second].into_iter().flatten().all(is_name);
        if parts.next().is_some() || !are_names {
            return None;
        }
        Some(match (ask.site, first, second) {
            (None, site, policy) => (site.unwrap_or(NO_NAME), policy.unwrap_or_default()),
            (Some(_), Some(named), policy) if self.collector.has_site(named) => (named, policy.unwrap_or_default()),
            (Some(site), None, _) => (site, ""),
            (Some(site), Some(policy), None) => (site, policy),
            (Some(site), Some(_), Some(policy)) => (site, policy),
        })
    }
}

/// Hosts and version numbers; what else one may think of would only fill lists.
fn is_name(part: &str) -> bool {
    part.len() <= LONGEST_NAME && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~*:".contains(&byte))
}

fn answer(status: StatusCode) -> Answer {
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    Answer { status, headers }
}

/// Browsers ask before they report to another origin (Reporting API, 3.5.2; Fetch, 3.3.2).
fn preflight() -> Answer {
    let mut answer = answer(StatusCode::NO_CONTENT);
    answer.headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    answer.headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, content-encoding"));
    answer.headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    answer
}

const METHODS: HeaderValue = HeaderValue::from_static("POST, OPTIONS");

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The longest host name.
const LONGEST_NAME: usize = 253;

/// What stands for a field that is no text: no media type.
const UNREADABLE: &str = "/";
