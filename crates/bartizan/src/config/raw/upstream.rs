//! `[site.upstream_options]` and its tables: how the app is spoken to.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use bartizan_proxy::config::{Balance, UpstreamProtocol};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::values::{AbsolutePath, Bytes};
use super::{At, Choice, OrNone, Written};

/// How the app is spoken to.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpstreamOptions {
    /// How one of several addresses is chosen.
    pub(crate) balance: Option<Choice<Balance>>,
    /// The version of HTTP spoken.
    pub(crate) protocol: Option<Choice<UpstreamProtocol>>,
    /// From the first packet to the end of the TLS handshake.
    pub(crate) connect_timeout: Option<Written<Duration>>,
    /// From the sent request to the response head; "none" waits for ever (long polling).
    pub(crate) response_timeout: Option<OrNone<Duration>>,
    /// How long an idle connection is kept.
    pub(crate) idle_timeout: Option<Written<Duration>>,
    /// Idle connections kept for each address and worker.
    pub(crate) idle_connections: Option<u32>,
    /// Further addresses tried when a request was certainly not processed.
    pub(crate) retries: Option<u32>,
    /// Answers in a row that fail before an address rests.
    pub(crate) max_fails: Option<u32>,
    /// How long a failed address rests.
    pub(crate) fail_timeout: Option<Written<Duration>>,
    /// Bytes of a response head that are accepted.
    pub(crate) response_head: Option<Written<Bytes>>,
    /// Active checks of each address.
    pub(crate) health: Option<Health>,
    /// TLS towards `https` addresses.
    pub(crate) tls: Option<UpstreamTls>,
    /// OAuth2 client credentials with which requests are sent.
    pub(crate) oauth2: Option<At<OAuth2>>,
}

/// Active checks of each address.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Health {
    /// The path asked with GET; 2xx and 3xx mean healthy.
    pub(crate) path: Written<AbsolutePath>,
    /// The time between two checks of one address.
    pub(crate) interval: Option<Written<Duration>>,
    /// The time one check may take.
    pub(crate) timeout: Option<Written<Duration>>,
}

/// TLS towards `https` addresses.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpstreamTls {
    /// PEM file of the authorities that are believed instead of the public ones.
    pub(crate) authorities: Option<At<PathBuf>>,
    /// PEM file of our certificate chain, shown to the app.
    pub(crate) certificate: Option<At<PathBuf>>,
    /// PEM file of the key of that certificate.
    pub(crate) key: Option<At<PathBuf>>,
    /// The name asked for and checked instead of the address's own.
    pub(crate) server_name: Option<At<String>>,
    /// Whether any certificate is believed.
    pub(crate) dangerous_skip_verification: Option<bool>,
}

/// OAuth2 client credentials (RFC 6749, 4.4).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OAuth2 {
    /// The token endpoint.
    pub(crate) token_url: At<Written<Url>>,
    /// The client's identifier.
    pub(crate) client_id: String,
    /// The environment variable that holds the client's secret.
    pub(crate) client_secret_env: Option<At<String>>,
    /// The file that holds the client's secret; blanks at its end are cut off.
    pub(crate) client_secret_file: Option<At<PathBuf>>,
    /// The scopes asked for.
    pub(crate) scopes: Option<Vec<String>>,
    /// Further form fields, such as `audience`.
    pub(crate) endpoint_params: Option<BTreeMap<String, String>>,
}
