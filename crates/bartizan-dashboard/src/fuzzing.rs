//! Entry points for fuzz targets and for the replay of their corpora.
//!
//! Each takes any bytes and must not panic, in bounded time and memory.

use bartizan_headers::fuzzing::Target;
use http::HeaderMap;
use http::header::{COOKIE, HOST, HeaderValue, ORIGIN};

use crate::access::names::Way;
use crate::access::{PasswordHash, TokenHash};
use crate::dashboard::ticket;
use crate::html::{Address, Html, lines, tag};
use crate::query::Query;

/// Every parser.
pub const TARGETS: &[Target] = &[Target { name: "dashboard_request", run: dashboard_request }];

/// What a browser sends: the first line is a `Host`, the second an `Origin`, the third a `Cookie`, the rest a form.
pub fn dashboard_request(bytes: &[u8]) {
    let mut parts = bytes.splitn(4, |byte| *byte == b'\n');
    let mut headers = HeaderMap::new();
    for name in [HOST, ORIGIN, COOKIE] {
        if let Ok(value) = HeaderValue::from_bytes(parts.next().unwrap_or_default()) {
            headers.append(name, value);
        }
    }
    let origins: Vec<_> = "https://lookout.example".parse().into_iter().collect();
    if let Some(way) = Way::of(&headers, &origins) {
        let _ = (way.is_ours(&headers), ticket(&headers, &way));
    }
    let form = parts.next().unwrap_or_default();
    let query = Query::parse(form);
    let _ = query.number("page", 10);
    let text = query.text("text").unwrap_or_default();
    for page in [Html::from(text), lines(text), tag("b").set("title", text).into()] {
        let written = page.document();
        assert!(!written.contains("<script") && !written.contains('\u{202e}') && !written.contains('\0'));
    }
    let address = Address::of("/").with("text", text).with_query(&String::from_utf8_lossy(form));
    assert!(HeaderValue::from_str(address.as_str()).is_ok());
    if let Ok(hash) = text.parse::<PasswordHash>() {
        assert_eq!(hash.to_string().parse(), Ok(hash));
    }
    if let Ok(hash) = text.parse::<TokenHash>() {
        assert_eq!(hash.to_string().parse(), Ok(hash));
    }
}
