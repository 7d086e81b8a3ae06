//! The remaining words of the file: names, addresses, paths, statuses.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use bartizan_dashboard::access::{BadToken, PasswordHash, TokenHash};
use bartizan_headers::{Authority, HostPattern, Origin, SameSite};
use bartizan_pilot::Vouched;
use bartizan_proxy::config::{ByteRate, RequestRate, UpstreamAddress, WafRules};
pub use bartizan_proxy::profile::Profile as ProfileName;
use bartizan_proxy::target::Target;
use bartizan_reports::alerts::{NotHours, QuietHours};
use bartizan_reports::store::Place;
use http::uri::PathAndQuery;
use http::{HeaderName, Method, StatusCode};
use ipnet::IpNet;
use schemars::{Schema, json_schema};
use url::Url;

pub(crate) use super::quantities::Bytes;
use super::raw::Word;

/// How many threads serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workers {
    /// One for each core.
    Cores,
    /// So many.
    Count(NonZeroUsize),
}

/// The least important message that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the words of the tracing crate")]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

/// The `SameSite` that session cookies get; nothing leaves it to the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SameSitePlan(pub(crate) Option<SameSite>);

/// A path in canonical form, without query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AbsolutePath(pub(crate) String);

/// The name of a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CookieName(pub(crate) String);

/// The word for the rules that are built in.
pub(crate) const BASELINE: &str = "baseline";

/// The word for the rule set that `bartizan waf update` fetched.
pub(crate) const CORE_RULE_SET: &str = "crs";

/// How readily a rule set takes something for an attack, from 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paranoia(pub(crate) u8);

/// The name of an exclusion package of a rule set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RulePackage(pub(crate) String);

/// So many of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Percent(pub(crate) u8);

/// One status, or a range of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatusRange(pub(crate) Vec<StatusCode>);

/// A time of day and calendar (RFC 3339), as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Time(pub(crate) String);

impl Word for Workers {
    const FORMAT: &'static str = "workers";
    const EXAMPLE: &'static str = "cores";

    fn read(text: &str) -> Result<Self, String> {
        if text == "cores" { Ok(Self::Cores) } else { Err("must be \"cores\" or a number".to_owned()) }
    }

    fn read_number(number: i64) -> Result<Self, String> {
        let count = usize::try_from(number).ok().and_then(NonZeroUsize::new);
        count.map(Self::Count).ok_or_else(|| "must be at least 1".to_owned())
    }

    fn schema() -> Schema {
        json_schema!({ "anyOf": [{ "const": "cores" }, { "type": "integer", "minimum": 1, "maximum": 1024 }] })
    }
}

impl Word for NonZeroU32 {
    const FORMAT: &'static str = "count";
    const EXAMPLE: &'static str = "256";

    fn read(_: &str) -> Result<Self, String> {
        Err("must be a number".to_owned())
    }

    fn read_number(number: i64) -> Result<Self, String> {
        let count = u32::try_from(number).ok().and_then(Self::new);
        count.ok_or_else(|| "must be between 1 and 4294967295".to_owned())
    }

    fn schema() -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": u32::MAX })
    }
}

impl Word for Paranoia {
    const FORMAT: &'static str = "paranoia level";
    const EXAMPLE: &'static str = "1";

    fn read(_: &str) -> Result<Self, String> {
        Err("must be a number from 1 to 4".to_owned())
    }

    fn read_number(number: i64) -> Result<Self, String> {
        let level = u8::try_from(number).ok().filter(|level| (1..=4).contains(level));
        level.map(Self).ok_or_else(|| "must be a number from 1 to 4".to_owned())
    }

    fn schema() -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 4 })
    }
}

impl Word for RulePackage {
    const FORMAT: &'static str = "exclusion package";
    const EXAMPLE: &'static str = "wordpress";

    fn read(text: &str) -> Result<Self, String> {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.is_empty() || !text.bytes().all(is_name) {
            return Err("has other characters than small letters, digits and dashes".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl Word for Percent {
    const FORMAT: &'static str = "percent";
    const EXAMPLE: &'static str = "100";

    fn read(_: &str) -> Result<Self, String> {
        Err("must be a number from 1 to 100".to_owned())
    }

    fn read_number(number: i64) -> Result<Self, String> {
        let percent = u8::try_from(number).ok().filter(|percent| (1..=100).contains(percent));
        percent.map(Self).ok_or_else(|| "must be a number from 1 to 100".to_owned())
    }

    fn schema() -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 100 })
    }
}

impl Word for WafRules {
    const FORMAT: &'static str = "firewall rules";
    const EXAMPLE: &'static str = "942100, 942400-942499";

    fn read(text: &str) -> Result<Self, String> {
        if let Some(tag) = text.strip_prefix("tag:") {
            let tag = tag.trim();
            return if tag.is_empty() { Err("names no tag".to_owned()) } else { Ok(Self::Tag(tag.to_owned())) };
        }
        let range = |word: &str| {
            let (first, last) = word.split_once('-').unwrap_or((word, word));
            let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            (first <= last).then_some((first, last))
        };
        let ranges: Option<Vec<(u64, u64)>> = text.split(',').map(range).collect();
        let expected =
            "must be numbers and ranges, such as \"942100, 942400-942499\", or a tag, such as \"tag:attack-sqli\"";
        ranges.map(Self::Ids).ok_or_else(|| expected.to_owned())
    }
}

impl Word for Place {
    const FORMAT: &'static str = "store";
    const EXAMPLE: &'static str = "/var/lib/bartizan/reports.sqlite";

    fn read(text: &str) -> Result<Self, String> {
        Self::read(text).map_err(|error| error.to_string())
    }
}

impl Word for SocketAddr {
    const FORMAT: &'static str = "socket-address";
    const EXAMPLE: &'static str = "0.0.0.0:443";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "must be an address and a port, such as \"0.0.0.0:443\" or \"[::]:443\"".to_owned())
    }
}

impl Word for IpNet {
    const FORMAT: &'static str = "cidr";
    const EXAMPLE: &'static str = "10.0.0.0/8";

    fn read(text: &str) -> Result<Self, String> {
        let one = || text.parse().map(std::net::IpAddr::into).ok();
        let net: Self =
            text.parse().ok().or_else(one).ok_or_else(|| {
                "must be an address or a network, such as \"10.0.0.0/8\" or \"2001:db8::1\"".to_owned()
            })?;
        // 10.1.2.3/8 is a slip of the pen more often than it is meant: which of the two is trusted?
        if net.addr() == net.network() {
            Ok(net)
        } else {
            Err(format!("has bits beyond its prefix; the network is {}", net.trunc()))
        }
    }
}

impl Word for HostPattern {
    const FORMAT: &'static str = "host-pattern";
    const EXAMPLE: &'static str = "app.example";

    fn read(text: &str) -> Result<Self, String> {
        if text.contains("://") {
            return Err("must be a host without scheme, such as \"app.example\" or \"*.app.example\"".to_owned());
        }
        text.parse().map_err(|error| format!("is no host, `*.host` or `host:port`: {error}"))
    }
}

impl Word for Authority {
    const FORMAT: &'static str = "authority";
    const EXAMPLE: &'static str = "app.example";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("is no host or `host:port`: {error}"))
    }
}

impl Word for Origin {
    const FORMAT: &'static str = "origin";
    const EXAMPLE: &'static str = "https://app.example";

    fn read(text: &str) -> Result<Self, String> {
        let expected = "must be an origin with its scheme, such as \"https://app.example\"";
        match text.parse() {
            Ok(Self::Opaque) | Err(_) => Err(expected.to_owned()),
            Ok(origin) => Ok(origin),
        }
    }
}

impl Word for PasswordHash {
    const FORMAT: &'static str = "password-hash";
    const EXAMPLE: &'static str = "$argon2id$v=19$m=19456,t=2,p=1$…";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("{error}; `bartizan dashboard hash-password` makes one"))
    }
}

impl Word for TokenHash {
    const FORMAT: &'static str = "token-hash";
    const EXAMPLE: &'static str = "sha256:…";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: BadToken| error.to_string())
    }
}

impl Word for UpstreamAddress {
    const FORMAT: &'static str = "upstream-address";
    const EXAMPLE: &'static str = "http://127.0.0.1:8000";

    fn read(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.starts_with('/') {
                Ok(Self::Unix(PathBuf::from(path)))
            } else {
                Err("needs a path from the root after `unix:`, such as \"unix:/run/app.sock\"".to_owned())
            };
        }
        let expected = || "must be an address such as \"http://127.0.0.1:8000\" or \"unix:/run/app.sock\"".to_owned();
        let url = Url::parse(text).map_err(|_| expected())?;
        let tls = match url.scheme() {
            "http" => false,
            "https" => true,
            _ => return Err(expected()),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a user name or password".to_owned());
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err("must end after the port: requests keep the path they came with".to_owned());
        }
        let host = url.host_str().ok_or_else(expected)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or_else(expected)?;
        Ok(Self::Tcp { host, port, tls })
    }
}

impl Word for Url {
    const FORMAT: &'static str = "http-url";
    const EXAMPLE: &'static str = "https://login.example/token";

    fn read(text: &str) -> Result<Self, String> {
        let url = Self::parse(text).map_err(|error| format!("is no address: {error}"))?;
        if matches!(url.scheme(), "http" | "https") {
            Ok(url)
        } else {
            Err("must begin with https:// or http://".to_owned())
        }
    }
}

impl Word for Method {
    const FORMAT: &'static str = "method";
    const EXAMPLE: &'static str = "GET";

    fn read(text: &str) -> Result<Self, String> {
        if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return Err(format!("must be in capitals: {}", text.to_ascii_uppercase()));
        }
        if matches!(text, "TRACE" | "TRACK" | "CONNECT") {
            return Err("is never let through: it shows a script what it must not see, or opens a tunnel".to_owned());
        }
        text.parse().map_err(|_| "is no method".to_owned())
    }
}

impl Word for HeaderName {
    const FORMAT: &'static str = "header-name";
    const EXAMPLE: &'static str = "x-powered-by";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "is no header name".to_owned())
    }
}

impl Word for AbsolutePath {
    const FORMAT: &'static str = "path";
    const EXAMPLE: &'static str = "/internal/";

    fn read(text: &str) -> Result<Self, String> {
        if !text.starts_with('/') {
            return Err("must begin with a slash".to_owned());
        }
        if text.contains(['?', '#', '*']) {
            return Err("must be a plain path prefix, without query or wildcard".to_owned());
        }
        let path: PathAndQuery = text.parse().map_err(|_| "is no path".to_owned())?;
        let target = Target::canonical(&path).map_err(|fault| fault.to_string())?;
        Ok(Self(target.path().to_owned()))
    }
}

/// An address of mail as it stands in an envelope (RFC 5321, 4.1.2), without quoted forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailAddress(pub(crate) String);

impl Word for MailAddress {
    const FORMAT: &'static str = "mail-address";
    const EXAMPLE: &'static str = "wall@app.example";

    fn read(text: &str) -> Result<Self, String> {
        let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
        let is_whole = text.rsplit_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && local.bytes().all(is_atom) && host.bytes().all(is_host)
        });
        if is_whole && text.len() <= 254 {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be an address of mail, such as \"wall@app.example\"".to_owned())
        }
    }
}

impl Word for QuietHours {
    const FORMAT: &'static str = "hours";
    const EXAMPLE: &'static str = "22:00-07:00";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: NotHours| error.to_string())
    }
}

/// The version of a policy, as it stands in an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PolicyVersion(pub(crate) String);

impl Word for PolicyVersion {
    const FORMAT: &'static str = "policy-version";
    const EXAMPLE: &'static str = "2026-01";

    fn read(text: &str) -> Result<Self, String> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if is_plain && (1..=64).contains(&text.len()) && !text.bytes().all(|byte| byte == b'.') {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be up to 64 letters, digits, `-`, `.` and `_`, such as \"2026-01\"".to_owned())
        }
    }
}

/// A share in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share(pub(crate) u8);

impl Word for Share {
    const FORMAT: &'static str = "share";
    const EXAMPLE: &'static str = "10%";

    fn read(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('%').and_then(|number| number.parse().ok());
        number
            .filter(|number| (1..=100).contains(number))
            .map(Self)
            .ok_or_else(|| "must be a share from \"1%\" to \"100%\"".to_owned())
    }
}

impl Word for Vouched {
    const FORMAT: &'static str = "directive and source";
    const EXAMPLE: &'static str = "font-src https://fonts.example";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: bartizan_pilot::VouchError| error.to_string())
    }
}

impl Word for CookieName {
    const FORMAT: &'static str = "cookie-name";
    const EXAMPLE: &'static str = "sessionid";

    fn read(text: &str) -> Result<Self, String> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if text.is_empty() || !text.bytes().all(is_token) {
            return Err("is no cookie name".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl Word for StatusRange {
    const FORMAT: &'static str = "status";
    const EXAMPLE: &'static str = "5xx";

    fn read(text: &str) -> Result<Self, String> {
        let expected = || "must be an error status: \"404\", \"5xx\" or \"500-504\"".to_owned();
        let number =
            |text: &str| text.parse::<u16>().ok().filter(|code| (400..600).contains(code)).ok_or_else(expected);
        let (first, last) = match (text, text.split_once('-')) {
            ("4xx", _) => (400, 499),
            ("5xx", _) => (500, 599),
            (_, Some((first, last))) => (number(first)?, number(last)?),
            (one, None) => (number(one)?, number(one)?),
        };
        if first > last {
            return Err(expected());
        }
        Ok(Self((first..=last).filter_map(|code| StatusCode::from_u16(code).ok()).collect()))
    }

    fn read_number(number: i64) -> Result<Self, String> {
        Self::read(&number.to_string())
    }

    fn schema() -> Schema {
        json_schema!({ "type": ["string", "integer"], "format": Self::FORMAT, "examples": [Self::EXAMPLE] })
    }
}

impl Word for Time {
    const FORMAT: &'static str = "date-time";
    const EXAMPLE: &'static str = "2027-01-01T00:00:00Z";

    fn read(text: &str) -> Result<Self, String> {
        match text.parse::<jiff::Timestamp>() {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => Err("must be a time such as \"2027-01-01T00:00:00Z\"".to_owned()),
        }
    }
}

/// A check of one format.
pub(crate) type Check = fn(&str) -> Result<(), String>;

/// Every format that is checked while a file is read.
pub(crate) const FORMATS: &[(&str, Check)] = &[
    format::<AbsolutePath>(),
    format::<Authority>(),
    format::<ByteRate>(),
    format::<Bytes>(),
    format::<CookieName>(),
    format::<Place>(),
    format::<PolicyVersion>(),
    format::<Share>(),
    format::<Duration>(),
    format::<HeaderName>(),
    format::<HostPattern>(),
    format::<IpNet>(),
    format::<MailAddress>(),
    format::<Method>(),
    format::<PasswordHash>(),
    format::<Origin>(),
    format::<QuietHours>(),
    format::<RequestRate>(),
    format::<RulePackage>(),
    format::<SocketAddr>(),
    format::<StatusRange>(),
    format::<Time>(),
    format::<TokenHash>(),
    format::<UpstreamAddress>(),
    format::<Url>(),
    format::<Vouched>(),
    format::<WafRules>(),
];

const fn format<T: Word>() -> (&'static str, Check) {
    (T::FORMAT, |text| T::read(text).map(|_| ()))
}
