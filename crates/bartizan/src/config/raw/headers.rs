//! `[site.headers]`: one key a header.

use std::collections::BTreeMap;
use std::fmt;

use bartizan_proxy::config::HeaderMode;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::values::AbsolutePath;
use super::{At, Choice, Written};

/// The security headers: a value, a table of mode and value, or `false` to switch one off.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Headers {
    /// Strict-Transport-Security; sent over HTTPS only.
    pub(crate) hsts: Option<At<Header>>,
    /// Content-Security-Policy.
    pub(crate) csp: Option<At<Header>>,
    /// Content-Security-Policy-Report-Only.
    pub(crate) csp_report_only: Option<At<Header>>,
    /// X-Content-Type-Options.
    pub(crate) content_type_options: Option<At<Header>>,
    /// X-Frame-Options.
    pub(crate) frame_options: Option<At<Header>>,
    /// Referrer-Policy.
    pub(crate) referrer_policy: Option<At<Header>>,
    /// Permissions-Policy.
    pub(crate) permissions_policy: Option<At<Header>>,
    /// Cross-Origin-Opener-Policy.
    pub(crate) opener_policy: Option<At<Header>>,
    /// Cross-Origin-Embedder-Policy.
    pub(crate) embedder_policy: Option<At<Header>>,
    /// Cross-Origin-Resource-Policy.
    pub(crate) resource_policy: Option<At<Header>>,
    /// Origin-Agent-Cluster.
    pub(crate) origin_agent_cluster: Option<At<Header>>,
    /// X-Permitted-Cross-Domain-Policies.
    pub(crate) cross_domain_policies: Option<At<Header>>,
    /// X-DNS-Prefetch-Control.
    pub(crate) dns_prefetch_control: Option<At<Header>>,
    /// X-XSS-Protection; the only safe value is 0.
    pub(crate) xss_protection: Option<At<Header>>,
    /// Cache-Control of answers that belong to one visitor.
    pub(crate) private_cache: Option<At<Header>>,
    /// Clear-Site-Data, on its own paths only.
    pub(crate) clear_site_data: Option<ClearSiteData>,
    /// Reporting-Endpoints.
    pub(crate) reporting_endpoints: Option<At<Header>>,
    /// Report-To, the older form that NEL still needs.
    pub(crate) report_to: Option<At<Header>>,
    /// NEL: network error logging.
    pub(crate) nel: Option<At<Header>>,
    /// Public-Key-Pins: obsolete, and able to lock visitors out.
    pub(crate) dangerous_public_key_pins: Option<At<Header>>,
    /// Expect-CT: obsolete, ignored by browsers.
    pub(crate) obsolete_expect_ct: Option<At<Header>>,
    /// Headers of your own, by name; they replace the app's.
    pub(crate) custom: Option<BTreeMap<String, At<String>>>,
}

/// Clear-Site-Data and the paths whose answers carry it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClearSiteData {
    /// The exact paths, such as the one of logging out.
    pub(crate) paths: Vec<Written<AbsolutePath>>,
    /// What is cleared; all but the cache when it is not written.
    pub(crate) value: Option<At<String>>,
}

/// What a key of `[site.headers]` says.
#[derive(Debug, Clone)]
pub(crate) enum Header {
    /// A value, a mode, or both.
    On(Parts),
    /// `false`: nothing is sent and nothing touched.
    Off,
}

/// The long form of one header.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parts {
    /// Who wins when the app sends the header too.
    pub(crate) mode: Option<Choice<HeaderMode>>,
    /// The value; without it, the profile's.
    pub(crate) value: Option<String>,
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HeaderVisitor)
    }
}

impl JsonSchema for Header {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Header".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let parts = generator.subschema_for::<Parts>();
        json_schema!({ "anyOf": [{ "type": "string" }, { "const": false }, parts] })
    }
}

struct HeaderVisitor;

impl<'de> Visitor<'de> for HeaderVisitor {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a table of mode and value, or false")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Header, E> {
        if value { Err(E::custom("write the value instead of true")) } else { Ok(Header::Off) }
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Header, E> {
        Ok(Header::On(Parts { mode: None, value: Some(value.to_owned()) }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Header, A::Error> {
        Parts::deserialize(MapAccessDeserializer::new(map)).map(Header::On)
    }
}
