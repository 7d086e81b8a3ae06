//! OAuth2 client credentials (RFC 6749, 4.4): one token for all workers, fetched before the old one ends.
//!
//! Which requests carry it is a stage's decision; putting it into the request is the exchange's.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Limited};
use tokio::time::timeout;
use url::form_urlencoded::{Serializer, byte_serialize};
use url::{Host, Url};

use super::outgoing::Outgoing;
use super::token::Token;
use super::{ExchangeBody, Pool, SendContext, Upstream, UpstreamConfigError, UpstreamError};
use crate::config::{ClientCredentials, UpstreamAddress, UpstreamPlan};

/// The credentials of one app and the token they were last exchanged for.
pub struct Credentials {
    endpoint: Arc<Upstream>,
    target: Uri,
    host: HeaderValue,
    authorization: HeaderValue,
    form: Bytes,
    held: Mutex<Held>,
    /// Held by whoever renews: the endpoint sees one request at a time.
    renewal: tokio::sync::Mutex<()>,
}

/// The token, and how the last renewal failed.
#[derive(Default)]
struct Held {
    token: Option<Token>,
    failures: u64,
    failure: Option<CredentialsError>,
}

impl Credentials {
    /// Prepares the token request; the endpoint is not asked before the first token is wanted.
    pub fn new(plan: &ClientCredentials) -> Result<Self, UpstreamConfigError> {
        let place = address(&plan.token_url);
        let host = HeaderValue::try_from(place.authority())
            .map_err(|_| UpstreamConfigError::ServerName { name: place.authority() })?;
        let endpoint = Upstream::new(&UpstreamPlan { addresses: vec![place], ..UpstreamPlan::default() })?;
        Ok(Self {
            endpoint: Arc::new(endpoint),
            target: target(&plan.token_url),
            host,
            authorization: basic(plan),
            form: form(plan),
            held: Mutex::default(),
            renewal: tokio::sync::Mutex::default(),
        })
    }

    /// Returns the value of `Authorization`, fetching a token where none is held that lasts.
    ///
    /// A token near its end is still handed out while one request renews it; without a token all wait for that one.
    pub async fn token<B: ExchangeBody>(&self, pool: &Pool<B>) -> Result<HeaderValue, CredentialsError> {
        let failures = match self.glance() {
            Glance::Lasting(value) => return Ok(value),
            Glance::Ending(value) => {
                let Ok(_turn) = self.renewal.try_lock() else { return Ok(value) };
                return Ok(self.renew(pool).await.unwrap_or(value));
            }
            Glance::Missing(failures) => failures,
        };
        let _turn = self.renewal.lock().await;
        match self.glance() {
            Glance::Lasting(value) | Glance::Ending(value) => return Ok(value),
            Glance::Missing(now) if now != failures => {
                // The one we waited for failed: asking again, one after the other, would only queue.
                if let Some(failure) = self.held().failure.clone() {
                    return Err(failure);
                }
            }
            Glance::Missing(_) => {}
        }
        self.renew(pool).await
    }

    /// Forgets a token that the app answered with 401, unless a newer one has taken its place.
    pub fn reject(&self, value: &HeaderValue) {
        self.held().token.take_if(|token| token.value() == value);
    }

    fn glance(&self) -> Glance {
        let now = Instant::now();
        let held = self.held();
        match &held.token {
            Some(token) if token.lasts(now) => Glance::Lasting(token.value().clone()),
            Some(token) if token.is_valid(now) => Glance::Ending(token.value().clone()),
            _ => Glance::Missing(held.failures),
        }
    }

    /// Asks the endpoint and notes what came of it.
    async fn renew<B: ExchangeBody>(&self, pool: &Pool<B>) -> Result<HeaderValue, CredentialsError> {
        let outcome = timeout(PATIENCE, self.fetch(pool)).await.unwrap_or(Err(CredentialsError::Timeout));
        let mut held = self.held();
        match outcome {
            Ok(token) => {
                let value = token.value().clone();
                held.token = Some(token);
                held.failure = None;
                Ok(value)
            }
            Err(error) => {
                held.failures = held.failures.wrapping_add(1);
                held.failure = Some(error.clone());
                Err(error)
            }
        }
    }

    async fn fetch<B: ExchangeBody>(&self, pool: &Pool<B>) -> Result<Token, CredentialsError> {
        let asked = Instant::now();
        let mut request = Request::new(Outgoing::whole(self.form.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.target.clone();
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.host.clone());
        headers.insert(header::AUTHORIZATION, self.authorization.clone());
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let response = pool
            .dispatch(&self.endpoint, request, SendContext::default())
            .await
            .map_err(|error| CredentialsError::Endpoint { source: Arc::new(error) })?;
        if response.head.status != StatusCode::OK {
            return Err(CredentialsError::Refused { status: response.head.status });
        }
        let body = Limited::new(response.body, ANSWER).collect().await.map_err(|error| {
            match error.downcast::<UpstreamError>() {
                Ok(error) => CredentialsError::Endpoint { source: Arc::from(error) },
                Err(_) => CredentialsError::TooLarge,
            }
        })?;
        Token::parse(&body.to_bytes(), asked)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Each holder leaves a whole value behind, so a panic elsewhere spoils nothing here.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("host", &self.host).finish_non_exhaustive()
    }
}

/// What is held of a token; without one, how often renewing has failed so far.
enum Glance {
    Ending(HeaderValue),
    Lasting(HeaderValue),
    Missing(u64),
}

/// Why there is no token. Cloned for everyone who waited for the same attempt; never quotes the answer.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialsError {
    /// The endpoint did not answer.
    #[error("token endpoint is not to be reached")]
    Endpoint {
        /// Why.
        source: Arc<UpstreamError>,
    },
    /// The answer is no token response (RFC 6749, 5.1).
    #[error("token endpoint sent no token that can be used")]
    Malformed,
    /// The endpoint refused (RFC 6749, 5.2).
    #[error("token endpoint answered {status}")]
    Refused {
        /// With this status.
        status: StatusCode,
    },
    /// No whole answer in time.
    #[error("token endpoint did not answer in time")]
    Timeout,
    /// The answer is beyond 64 KiB.
    #[error("token endpoint sent too much")]
    TooLarge,
}

fn address(url: &Url) -> UpstreamAddress {
    let tls = url.scheme() == "https";
    let host = match url.host() {
        Some(Host::Ipv6(address)) => address.to_string(),
        Some(host) => host.to_string(),
        None => String::new(),
    };
    let port = url.port_or_known_default().unwrap_or(if tls { 443 } else { 80 });
    UpstreamAddress::Tcp { host, port, tls }
}

/// Returns the path and query as a request target in origin form.
fn target(url: &Url) -> Uri {
    let text = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    // `url` percent-encodes whatever `http` would refuse; the root is asked should they ever disagree.
    Uri::try_from(text).unwrap_or_default()
}

/// Builds HTTP Basic from the encoded identifier and secret (RFC 6749, 2.3.1).
fn basic(plan: &ClientCredentials) -> HeaderValue {
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(&plan.client_id), encode(plan.client_secret.expose()));
    let mut value =
        HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(pair))).expect("base64 is visible ASCII");
    value.set_sensitive(true);
    value
}

fn form(plan: &ClientCredentials) -> Bytes {
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if !plan.scopes.is_empty() {
        form.append_pair("scope", &plan.scopes.join(" "));
    }
    form.extend_pairs(&plan.endpoint_params);
    form.finish().into()
}

/// A token response is a few KiB even with a large signed token; this is far beyond.
const ANSWER: usize = 64 * 1024;

/// For the whole of a token request: requests of clients wait for it.
const PATIENCE: Duration = Duration::from_secs(10);
