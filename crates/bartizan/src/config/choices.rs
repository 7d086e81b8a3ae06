//! The names that choices have in the file, with what they mean.

use bartizan_dashboard::access::{Role, Scope};
use bartizan_headers::SameSite;
use bartizan_pilot::{Integrity, RampName, Unknown};
use bartizan_proxy::config::{
    AccessLog, Balance, CsrfMode, EncodedSlashes, HeaderMode, KeyExchangeGroup, ProxyProtocol, Redirect,
    ResourceIsolation, Suite, Tickets, TlsVersion, UnknownHost, UpstreamProtocol, WafMode,
};
use bartizan_reports::alerts::{Encryption, Form};
use bartizan_waf::seclang::directive::Beyond;
use bartizan_waf::settings::Exhausted;

use super::autopilot::Mode;
use super::raw::Choices;
use super::words::{LogLevel, ProfileName, SameSitePlan};

impl Choices for AccessLog {
    const NAME: &'static str = "access log";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("human", Self::Human, "one line for people"),
        ("json", Self::Json, "one JSON object a line"),
        ("off", Self::Off, "nothing"),
    ];
}

impl Choices for Form {
    const NAME: &'static str = "form of messages";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("json", Self::Json, "every alert with its facts, for programs"),
        ("matrix", Self::Matrix, "a message in a room of Matrix"),
        ("slack", Self::Slack, "a message of Slack, and of what understands the same"),
    ];
}

impl Choices for Encryption {
    const NAME: &'static str = "encryption";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("starttls", Self::StartTls, "after a greeting; a server that cannot is not written to"),
        ("implicit", Self::Implicit, "from the first byte"),
        ("dangerous_plain", Self::DangerousPlain, "not at all, and without sign-in"),
    ];
}

impl Choices for LogLevel {
    const NAME: &'static str = "log level";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("error", Self::Error, "only what stopped something"),
        ("warn", Self::Warn, "and what an operator should look at"),
        ("info", Self::Info, "and what happened"),
        ("debug", Self::Debug, "and why"),
        ("trace", Self::Trace, "and every step"),
    ];
}

impl Choices for ProxyProtocol {
    const NAME: &'static str = "PROXY protocol";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("off", Self::Off, "no header is expected; one that comes is a malformed request"),
        ("required", Self::Required, "each connection begins with one, and only trusted proxies may connect"),
    ];
}

impl Choices for Role {
    const NAME: &'static str = "role";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("operator", Self::Operator, "sees everything, and may forget reports"),
        ("viewer", Self::Viewer, "sees everything but settings and the addresses of clients"),
    ];
}

impl Choices for Scope {
    const NAME: &'static str = "scope";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("operate", Self::Operate, "all that the wall knows, and telling it something, as `bartizan autopilot` does"),
        ("reports", Self::Reports, "what browsers reported"),
        ("wall", Self::Wall, "metrics, what was refused and what rules found, without the addresses of clients"),
    ];
}

impl Choices for WafMode {
    const NAME: &'static str = "firewall";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("block", Self::Block, "what rules refuse is refused"),
        ("detect", Self::Detect, "what rules would refuse is written down, and every request passes"),
        ("off", Self::Off, "no rule runs"),
    ];
}

impl Choices for Beyond {
    const NAME: &'static str = "longer bodies";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("pass", Self::ProcessPartial, "its beginning is looked at, and the rest flows by"),
        ("refuse", Self::Reject, "it is refused with 413"),
    ];
}

impl Choices for Exhausted {
    const NAME: &'static str = "dear requests";
    const CHOICES: &'static [(&'static str, Self, &'static str)] =
        &[("pass", Self::Pass, "it passes, judged by what was looked at"), ("refuse", Self::Refuse, "it is refused")];
}

impl Choices for TlsVersion {
    const NAME: &'static str = "TLS version";
    const CHOICES: &'static [(&'static str, Self, &'static str)] =
        &[("1.2", Self::V1_2, "RFC 5246, AEAD suites with forward secrecy only"), ("1.3", Self::V1_3, "RFC 8446")];
}

impl Choices for KeyExchangeGroup {
    const NAME: &'static str = "key exchange group";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("X25519MLKEM768", Self::X25519MlKem768, "hybrid, post-quantum"),
        ("secp256r1MLKEM768", Self::Secp256r1MlKem768, "hybrid, post-quantum, with a NIST curve"),
        ("MLKEM768", Self::MlKem768, "post-quantum alone"),
        ("X25519", Self::X25519, "the usual curve"),
        ("secp256r1", Self::Secp256r1, "P-256"),
        ("secp384r1", Self::Secp384r1, "P-384"),
    ];
}

impl Choices for Suite {
    const NAME: &'static str = "cipher suite";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("TLS_AES_128_GCM_SHA256", Self::Tls13Aes128GcmSha256, "TLS 1.3"),
        ("TLS_AES_256_GCM_SHA384", Self::Tls13Aes256GcmSha384, "TLS 1.3"),
        ("TLS_CHACHA20_POLY1305_SHA256", Self::Tls13Chacha20Poly1305Sha256, "TLS 1.3"),
        ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", Self::EcdheEcdsaAes128GcmSha256, "TLS 1.2, ECDSA key"),
        ("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", Self::EcdheEcdsaAes256GcmSha384, "TLS 1.2, ECDSA key"),
        ("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", Self::EcdheEcdsaChacha20Poly1305Sha256, "TLS 1.2, ECDSA key"),
        ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", Self::EcdheRsaAes128GcmSha256, "TLS 1.2, RSA key"),
        ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", Self::EcdheRsaAes256GcmSha384, "TLS 1.2, RSA key"),
        ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", Self::EcdheRsaChacha20Poly1305Sha256, "TLS 1.2, RSA key"),
    ];
}

impl Choices for Tickets {
    const NAME: &'static str = "tickets";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("off", Self::Off, "every connection makes a full handshake"),
        ("rotated", Self::Rotated, "stateless tickets under keys that change every few hours"),
    ];
}

impl Choices for ProfileName {
    const NAME: &'static str = "profile";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("compatible", Self::Compatible, "only what no app notices"),
        ("balanced", Self::Balanced, "nothing that breaks a normal app is enforced"),
        ("strict", Self::Strict, "the best grade, for apps without inline scripts"),
    ];
}

impl Choices for UnknownHost {
    const NAME: &'static str = "unknown host";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("misdirected", Self::Misdirected, "421 when the TLS name was one of ours, else 400"),
        ("bad-request", Self::BadRequest, "400"),
        ("close", Self::Close, "the connection is closed without an answer"),
    ];
}

impl Choices for EncodedSlashes {
    const NAME: &'static str = "encoded slashes";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("keep", Self::Keep, "the app sees them as sent; a path that would meet another route is refused"),
        ("decode", Self::Decode, "they become slashes before the route is chosen"),
        ("refuse", Self::Refuse, "a path that has one is refused"),
    ];
}

impl Choices for Redirect {
    const NAME: &'static str = "redirect";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("permanent", Self::Permanent, "301 for GET and HEAD, 308 for the rest"),
        ("dangerous_plain_http", Self::DangerousPlainHttp, "the app is served over plain HTTP as well"),
    ];
}

impl Choices for Mode {
    const NAME: &'static str = "autopilot";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("auto", Self::Auto, "the policy is learnt, tried out, enforced for more and more clients, and watched"),
        ("learn", Self::Learn, "it is learnt and tried out; enforcing it is left to `bartizan autopilot advance`"),
        ("off", Self::Off, "pages leave as they came"),
    ];
}

impl Choices for Unknown {
    const NAME: &'static str = "unknown code";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("step-back", Self::StepBack, "it does not run; where many clients meet it, the site is learnt anew"),
        ("withhold", Self::Withhold, "it does not run until `bartizan autopilot relearn`"),
        ("report", Self::Report, "it runs, and is told of"),
    ];
}

impl Choices for Integrity {
    const NAME: &'static str = "integrity";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("off", Self::Off, "none"),
        (
            "own-files",
            Self::OwnFiles,
            "the site's own scripts and style sheets that say that they never change; one that does breaks its page",
        ),
    ];
}

impl Choices for RampName {
    const NAME: &'static str = "ramp";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        (
            "hsts",
            Self::Hsts,
            "HSTS for 5 minutes, a day, 30 days, two years; subdomains once they were seen over HTTPS",
        ),
        ("opener_policy", Self::OpenerPolicy, "Cross-Origin-Opener-Policy, reported on before it is enforced"),
        ("embedder_policy", Self::EmbedderPolicy, "Cross-Origin-Embedder-Policy, reported on before it is enforced"),
        (
            "permissions_policy",
            Self::PermissionsPolicy,
            "Permissions-Policy: features that nobody uses are taken away, reported on before it is enforced",
        ),
        (
            "resource_policy",
            Self::ResourcePolicy,
            "Cross-Origin-Resource-Policy, once it was seen that no other site loads files",
        ),
        (
            "upgrade_insecure_requests",
            Self::UpgradeInsecureRequests,
            "plain HTTP in pages becomes HTTPS, where every host was seen over it",
        ),
        (
            "cookie_prefix",
            Self::CookiePrefix,
            "session cookies get `__Host-` names, unless other hosts or programs use them",
        ),
        ("same_site", Self::SameSite, "session cookies get `SameSite=Lax`, unless other sites need them"),
        ("waf", Self::Waf, "the firewall watches before it blocks"),
    ];
}

impl Choices for CsrfMode {
    const NAME: &'static str = "CSRF mode";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("on", Self::On, "cross-origin requests that change something are refused"),
        ("strict", Self::Strict, "and those with a session cookie that do not tell their origin"),
        ("dangerous_off", Self::DangerousOff, "no check"),
    ];
}

impl Choices for ResourceIsolation {
    const NAME: &'static str = "isolation";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("off", Self::Off, "other sites may load resources"),
        ("on", Self::On, "only navigations may come from other sites"),
    ];
}

impl Choices for SameSitePlan {
    const NAME: &'static str = "SameSite";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("lax", Self(Some(SameSite::Lax)), "sent when a visitor follows a link from elsewhere"),
        ("strict", Self(Some(SameSite::Strict)), "never sent on requests from elsewhere"),
        ("none", Self(Some(SameSite::None)), "sent always: for sites that live in frames of others"),
        ("keep", Self(None), "as the app sets it"),
    ];
}

impl Choices for HeaderMode {
    const NAME: &'static str = "header mode";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("tighten", Self::Tighten, "the stricter wins, part by part"),
        ("set", Self::Set, "ours replaces the app's"),
        ("keep", Self::Keep, "the app's stands; ours is sent only where it is silent"),
        ("off", Self::Off, "nothing is sent and nothing touched"),
    ];
}

impl Choices for Balance {
    const NAME: &'static str = "balance";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("round-robin", Self::RoundRobin, "each in turn"),
        ("least-requests", Self::LeastRequests, "the address with the fewest running requests"),
    ];
}

impl Choices for UpstreamProtocol {
    const NAME: &'static str = "upstream protocol";
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("http1", Self::Http1, "HTTP/1.1"),
        ("http2", Self::Http2, "HTTP/2: by ALPN over TLS, with prior knowledge in the clear"),
    ];
}
