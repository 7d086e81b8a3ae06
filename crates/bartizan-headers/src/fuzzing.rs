//! Entry points for fuzz targets and for the replay of their corpora.
//!
//! Each takes any bytes, must not panic, and checks that what was read is read again from what was
//! written. Notes must not come back either, except on parts that are kept as they came.

use crate::content_type::ContentType;
use crate::cross_origin::{EmbedderPolicy, OpenerPolicy, OriginAgentCluster, ResourcePolicy};
use crate::csp::{Policy, PolicyList};
use crate::field::{Field, Note, Tighten};
use crate::forwarded::Forwarded;
use crate::host::Authority;
use crate::host_pattern::HostPattern;
use crate::origin::Origin;
use crate::set_cookie::SetCookie;

/// A parser to feed with any bytes.
#[derive(Debug)]
pub struct Target {
    /// The name of the fuzz target and of its corpus.
    pub name: &'static str,
    /// What to feed.
    pub run: fn(&[u8]),
}

/// Every parser.
pub const TARGETS: &[Target] = &[
    Target { name: "cookie", run: cookie },
    Target { name: "csp", run: csp },
    Target { name: "csp_tighten", run: csp_tighten },
    Target { name: "forwarded", run: forwarded },
    Target { name: "host", run: host },
    Target { name: "plain", run: plain },
    Target { name: "set_cookie", run: set_cookie },
    Target { name: "structured", run: structured },
];

/// The Cookie field.
pub fn cookie(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read: Vec<_> = crate::cookie::cookies(&text).collect();
    let written = read.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    assert_eq!(crate::cookie::cookies(&written).collect::<Vec<_>>(), read);
}

/// Content-Security-Policy.
pub fn csp(bytes: &[u8]) {
    round_trip::<PolicyList>(bytes);
    round_trip::<Policy>(bytes);
}

/// Two policies, a line each: tightening twice changes nothing more.
pub fn csp_tighten(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some((app, ours)) = text.split_once('\n') else { return };
    let (Some(app), Some(ours)) = (PolicyList::parse(&[app]).value, Policy::parse(&[ours]).value) else { return };
    let ours = PolicyList::from(ours);
    let once = app.tighten(&ours);
    assert_eq!(once.tighten(&ours), once);
}

/// Forwarded.
pub fn forwarded(bytes: &[u8]) {
    round_trip::<Forwarded>(bytes);
}

/// Hosts, patterns of hosts and origins.
pub fn host(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(authority) = text.parse::<Authority>() {
        assert_eq!(authority.to_string().parse(), Ok(authority));
    }
    if let Ok(pattern) = text.parse::<HostPattern>() {
        assert_eq!(pattern.to_string().parse(), Ok(pattern));
    }
    if let Ok(origin) = text.parse::<Origin>() {
        assert_eq!(origin.to_string().parse(), Ok(origin));
    }
}

/// Fields with a grammar of their own.
pub fn plain(bytes: &[u8]) {
    round_trip::<crate::CacheControl>(bytes);
    round_trip::<crate::FrameOptions>(bytes);
    round_trip::<crate::Hsts>(bytes);
    round_trip::<crate::ReferrerPolicy>(bytes);
    round_trip::<crate::clear_site_data::ClearSiteData>(bytes);
    round_trip::<crate::content_type_options::NoSniff>(bytes);
    round_trip::<crate::fetch_metadata::FetchDest>(bytes);
    round_trip::<crate::fetch_metadata::FetchMode>(bytes);
    round_trip::<crate::fetch_metadata::FetchSite>(bytes);
    round_trip::<crate::nel::Nel>(bytes);
    round_trip::<ContentType>(bytes);
    round_trip::<ResourcePolicy>(bytes);
}

/// Set-Cookie.
pub fn set_cookie(bytes: &[u8]) {
    round_trip::<SetCookie>(bytes);
    if let Some(cookie) = SetCookie::parse(&[&String::from_utf8_lossy(bytes)]).value {
        assert!(cookie.host_prefixed().keeps_prefix());
    }
}

/// Structured fields.
pub fn structured(bytes: &[u8]) {
    round_trip::<EmbedderPolicy>(bytes);
    round_trip::<OpenerPolicy>(bytes);
    round_trip::<OriginAgentCluster>(bytes);
    round_trip::<crate::PermissionsPolicy>(bytes);
    round_trip::<crate::reporting_endpoints::ReportingEndpoints>(bytes);
}

/// Reads lines, writes the value, and reads it again.
fn round_trip<T: Field + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<_> = text.split('\n').collect();
    let Some(value) = T::parse(&lines).value else { return };
    let written = value.to_string();
    let again = T::parse(&[&written]);
    assert_eq!(again.value.as_ref(), Some(&value), "{written:?}");
    assert!(again.notes.iter().all(is_on_kept_part), "{written:?}: {:?}", again.notes);
}

/// Whether the note speaks of a part that is kept as it came, so that nothing foreign is lost.
const fn is_on_kept_part(note: &Note) -> bool {
    !matches!(note, Note::RepeatedField | Note::Syntax(_) | Note::Empty)
}
