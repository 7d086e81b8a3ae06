//! The security headers of a response: for each its value and who wins when the app sends one too.

use http::{HeaderName, HeaderValue};

/// Who wins when the app sends the header too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeaderMode {
    /// The app's value stands; ours is sent only where it is silent.
    Keep,
    /// We send nothing and touch nothing.
    Off,
    /// Ours replaces the app's.
    Set,
    /// The stricter wins, part by part.
    #[default]
    Tighten,
}

/// One header: its value and its mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderRule {
    /// Who wins.
    pub mode: HeaderMode,
    /// The value in canonical form, checked by the header's own parser.
    pub value: HeaderValue,
}

impl HeaderRule {
    /// A rule for text that is fixed in the program.
    pub fn fixed(mode: HeaderMode, value: &'static str) -> Self {
        Self { mode, value: HeaderValue::from_static(value) }
    }
}

/// Whether a policy is enforced or only reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CspMode {
    /// `Content-Security-Policy`.
    Enforce,
    /// `Content-Security-Policy-Report-Only`.
    ReportOnly,
}

/// Every security header that the wall can send; `None` and [`HeaderMode::Off`] send nothing.
#[derive(Debug, Clone, Default)]
pub struct HeaderPlan {
    /// `Strict-Transport-Security`; over HTTPS only.
    pub hsts: Option<HeaderRule>,
    /// `Content-Security-Policy`.
    pub csp: Option<HeaderRule>,
    /// `Content-Security-Policy-Report-Only`.
    pub csp_report_only: Option<HeaderRule>,
    /// `X-Content-Type-Options`.
    pub content_type_options: Option<HeaderRule>,
    /// `X-Frame-Options`.
    pub frame_options: Option<HeaderRule>,
    /// `Referrer-Policy`.
    pub referrer_policy: Option<HeaderRule>,
    /// `Permissions-Policy`.
    pub permissions_policy: Option<HeaderRule>,
    /// `Cross-Origin-Opener-Policy`.
    pub opener_policy: Option<HeaderRule>,
    /// `Cross-Origin-Embedder-Policy`.
    pub embedder_policy: Option<HeaderRule>,
    /// `Cross-Origin-Resource-Policy`.
    pub resource_policy: Option<HeaderRule>,
    /// `Origin-Agent-Cluster`.
    pub origin_agent_cluster: Option<HeaderRule>,
    /// `X-Permitted-Cross-Domain-Policies`.
    pub cross_domain_policies: Option<HeaderRule>,
    /// `X-DNS-Prefetch-Control`.
    pub dns_prefetch_control: Option<HeaderRule>,
    /// `X-XSS-Protection`; the only safe value is `0`.
    pub xss_protection: Option<HeaderRule>,
    /// `Cache-Control` of answers that belong to one visitor: with `Set-Cookie`, or to a request with a session.
    pub private_cache: Option<HeaderRule>,
    /// `Clear-Site-Data`, on [`Self::clear_site_data_paths`] only.
    pub clear_site_data: Option<HeaderRule>,
    /// The exact paths, such as the one of logging out, whose answers clear the browser's data.
    pub clear_site_data_paths: Vec<String>,
    /// `Reporting-Endpoints`.
    pub reporting_endpoints: Option<HeaderRule>,
    /// `Report-To`, the older form that NEL still needs.
    pub report_to: Option<HeaderRule>,
    /// `NEL`.
    pub nel: Option<HeaderRule>,
    /// `Public-Key-Pins`: obsolete, on request and with a warning.
    pub dangerous_public_key_pins: Option<HeaderRule>,
    /// `Expect-CT`: obsolete, on request and with a warning.
    pub obsolete_expect_ct: Option<HeaderRule>,
    /// Headers of the operator's own.
    pub custom: Vec<(HeaderName, HeaderValue)>,
}
