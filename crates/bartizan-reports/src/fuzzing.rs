//! Entry points for fuzz targets and for the replay of their corpora.
//!
//! Each takes any bytes and must not panic, in bounded time and memory.

use std::net::IpAddr;
use std::sync::Arc;

use bartizan_headers::fuzzing::Target;
use http::{HeaderMap, HeaderValue};
use ipnet::IpNet;

use crate::address::{Queries, clean};
use crate::alerts;
use crate::forwarded::Proxies;
use crate::json::{Limits, Members, read, write};
use crate::noise;
use crate::receive::{self, Bounds, Labels};
use crate::recent::{Recent, Track};
use crate::subject::{Fingerprint, Subject};

/// Every parser.
pub const TARGETS: &[Target] = &[
    Target { name: "mail_answer", run: mail_answer },
    Target { name: "report_body", run: report_body },
    Target { name: "report_forwarded", run: report_forwarded },
    Target { name: "report_json", run: report_json },
];

/// What a mail server answers: it is read line by line, and repeated only without what steers a terminal.
pub fn mail_answer(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for line in text.split('\n') {
        alerts::read_answer(line);
        let shown = alerts::plain(line);
        assert!(!shown.chars().any(char::is_control));
        assert!(!alerts::defanged(&shown).contains("://"));
    }
}

/// What proxies say of a client: each line of the input is one of `X-Forwarded-For`, then of `Forwarded`.
pub fn report_forwarded(bytes: &[u8]) {
    let proxies = Proxies(vec![IpNet::from(IpAddr::from([10, 0, 0, 1]))]);
    for name in ["x-forwarded-for", "forwarded"] {
        let mut headers = HeaderMap::new();
        for line in bytes.split(|byte| *byte == b'\n').take(100) {
            if let Ok(value) = HeaderValue::from_bytes(line) {
                headers.append(name, value);
            }
        }
        // A stranger is believed in nothing.
        let stranger = IpAddr::from([198, 51, 100, 7]);
        assert_eq!(proxies.client(stranger, &headers), stranger);
        let client = proxies.client([10, 0, 0, 1].into(), &headers);
        assert_eq!(client, client.to_canonical());
    }
}

/// A body: its first line is the media type, the second the encoding, the rest is sent. What is read is grouped,
/// written and read again.
pub fn report_body(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let labels: [_; 2] = std::array::from_fn(|_| parts.next().and_then(|part| std::str::from_utf8(part).ok()));
    let [content_type, content_encoding] = labels.map(|label| label.filter(|label| !label.is_empty()));
    let body = parts.next().unwrap_or_default();
    let bounds = Bounds { bytes: 1 << 16, ..Bounds::default() };
    let Ok((unpacked, form)) = receive::unpack(body, Labels { content_type, content_encoding }, &bounds) else {
        return;
    };
    assert!(unpacked.len() <= bounds.bytes);
    for queries in [Queries::Keep, Queries::Drop] {
        let Ok(batch) = receive::read(&unpacked, form, &bounds, queries) else { return };
        assert!(batch.reports.len() <= bounds.reports);
        for report in batch.reports {
            // A violation that others passed on without its page still says what was blocked.
            assert!(!report.url.is_empty() || report.text("effectiveDirective").is_some());
            let subject = Subject::of(&report, noise::class(&report, &[]));
            let fingerprint = subject.fingerprint("a", "1");
            assert_eq!(subject.into_owned().fingerprint("a", "1"), fingerprint);
            let mut text = String::new();
            report.write(&mut text);
            read(text.as_bytes(), Limits::default()).expect("what is written is JSON");
        }
    }
}

/// Walks over the members of a list, and keeps each; whether that comes to the end. What was kept is known again.
fn walked(mut members: Members<'_>) -> bool {
    let mut recent = Recent::new(Arc::default());
    loop {
        let rest = match members.next() {
            Ok(Some(rest)) => rest,
            Ok(None) => return true,
            Err(_) => return false,
        };
        let look = recent.look(rest);
        let Ok((_, bytes, values)) = members.read() else { return false };
        if let Some(look) = look.filter(|look| look.length == bytes) {
            let group = Fingerprint::from_bytes(&[0; 16]).expect("sixteen bytes");
            let track = Track { group, page: 0, kind: 0, noise: None, values };
            recent.keep("a", "1", &look, track);
            let endpoint = recent.endpoint("a", "1").expect("something is kept there");
            assert_eq!(recent.find(endpoint, &look), Some(track));
        }
    }
}

/// JSON: what is read is read the same from what was written; addresses are cut once.
pub fn report_json(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        for queries in [Queries::Keep, Queries::Drop] {
            let once = clean(text.into(), queries);
            assert_eq!(once.matches('#').count(), 0);
        }
    }
    let value = read(bytes, Limits::default());
    if let Some(members) = Members::of(bytes, Limits::default()) {
        assert_eq!(walked(members), value.is_ok());
    }
    let Ok(value) = value else { return };
    let mut text = String::new();
    write(&value, &mut text);
    assert_eq!(read(text.as_bytes(), Limits::default()).as_ref(), Ok(&value));
}
