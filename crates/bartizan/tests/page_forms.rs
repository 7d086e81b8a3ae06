//! Pages that are rewritten, in every form: codings on both sides, validators, ranges, HEAD and 304.

#![allow(clippy::unwrap_used, reason = "what cannot be had fails the test")]

use std::path::Path;
use std::sync::Arc;

use bartizan::config::{Environment, Overrides, from_text};
use bartizan_proxy::files::FixedFile;
use bartizan_proxy::pages::{PageAsk, PagePlan, PagePolicy, PageSight, Pilot};
use bartizan_proxy::serve;
use bartizan_proxy::services::Services;
use bartizan_proxy::visits::Visit;
use bartizan_rewrite::coding::{Coding, Decoded, Decoder, Encoder};
use bartizan_rewrite::{Asker, Depth, Digest, Inventory, Page, Summary, Unknown};
use bartizan_testkit::{RawResponse, RecordingUpstream, Reply, WireClient};
use http::HeaderValue;
use url::Url;

/// Blesses everything with one nonce.
#[derive(Debug)]
struct Blessing;

impl Pilot for Blessing {
    fn plan(&self, ask: &PageAsk<'_>) -> Option<PagePlan> {
        let page = Page {
            url: Url::parse("https://app.example/").unwrap(),
            charset: ask.charset.map(str::to_owned),
            nonce: "N".to_owned(),
            own_nonces: Vec::new(),
            unknown: Unknown::Bless,
            depth: Depth::Elements,
            asker: Asker::Visit,
        };
        let enforced = Some(HeaderValue::from_static("script-src 'nonce-N'"));
        Some(PagePlan {
            page,
            inventory: Arc::new(Inventory::default()),
            policy: PagePolicy { enforced, reported: None },
        })
    }

    fn saw(&self, _: PageSight, _: Summary) {}

    fn wants(&self, _: &FixedFile) -> bool {
        false
    }

    fn hashed(&self, _: FixedFile, _: Digest) {}

    fn visited(&self, _: Visit) {}
}

const CAME: &str = "<p>x</p><script>run()</script>";
const LEAVES: &str = "<p>x</p><script nonce=\"N\">run()</script>";

/// What the app folds with, and whether the wall understands it.
const UPSTREAM: &[(&str, bool)] =
    &[("", true), ("identity", true), ("gzip", true), ("br", true), ("zstd", true), ("deflate", true), ("dcb", false)];

/// What clients take, and what a page that was folded leaves in.
const CLIENT: &[(&str, &str)] = &[
    ("", ""),
    ("gzip", "gzip"),
    ("gzip, deflate, br", "br"),
    ("gzip, deflate, br, zstd", "zstd"),
    ("br;q=0, gzip;q=0.5", "gzip"),
    ("identity", ""),
    ("deflate", ""), // browsers disagree on what it is
];

const ETAGS: &[&str] = &["", "\"a\"", "W/\"a\""];

/// The request's own lines, and its method.
const ASKS: &[(&str, &str)] =
    &[("GET", ""), ("HEAD", ""), ("GET", "Range: bytes=0-3\r\n"), ("GET", "If-None-Match: W/\"a\"\r\n")];

fn folded(coding: &str) -> Vec<u8> {
    let Some(coding) = Coding::of(coding) else { return b"what nobody reads".to_vec() };
    let (mut encoder, mut out) = (Encoder::new(coding).unwrap(), Vec::new());
    encoder.write(CAME.as_bytes(), &mut out).unwrap();
    encoder.end(&mut out).unwrap();
    out
}

fn unfolded(coding: &str, body: &[u8]) -> String {
    let (mut decoder, mut out) = (Decoder::new(Coding::of(coding).unwrap()), Vec::new());
    decoder.give(body);
    decoder.end();
    while decoder.read(&mut out).unwrap() != Decoded::Over {}
    String::from_utf8(out).unwrap()
}

/// Answers as an app that knows ranges and validators; the places of coding and validator stand in the path.
fn answer(line: &str, has_range: bool, has_validator: bool) -> Reply {
    let mut words = line.split(' ').nth(1).unwrap().split('/').skip(1).map(|word| word.parse::<usize>().unwrap());
    let (coding, etag) = (UPSTREAM[words.next().unwrap()].0, ETAGS[words.next().unwrap()]);
    let etag = if etag.is_empty() { String::new() } else { format!("ETag: {etag}\r\n") };
    if has_validator && !etag.is_empty() {
        return Reply::raw(format!("HTTP/1.1 304 Not Modified\r\n{etag}Cache-Control: max-age=60\r\n\r\n"));
    }
    let body = folded(coding);
    let coding = if coding.is_empty() { String::new() } else { format!("Content-Encoding: {coding}\r\n") };
    let head = format!(
        "{etag}{coding}Content-Type: text/html\r\nAccept-Ranges: bytes\r\nCache-Control: public, max-age=60\r\n"
    );
    let (status, more, body) = if has_range {
        ("206 Partial Content", format!("Content-Range: bytes 0-3/{}\r\n", body.len()), body[..4].to_vec())
    } else {
        ("200 OK", String::new(), body)
    };
    let head = format!("HTTP/1.1 {status}\r\n{head}{more}Content-Length: {}\r\n\r\n", body.len());
    if line.starts_with("HEAD") { Reply::raw(head) } else { Reply::raw([head.into_bytes(), body].concat()) }
}

fn header(response: &RawResponse, name: &str) -> String {
    let lines: Vec<_> =
        response.headers.iter().filter(|(header, _)| header == name).map(|(_, value)| value.as_str()).collect();
    lines.join(", ")
}

#[test]
fn every_form_of_a_page_is_right() {
    let upstream = RecordingUpstream::start(|request| {
        let has = |name: &str| !request.all(name).is_empty();
        answer(&request.request_line(), has("range"), has("if-none-match"))
    });
    let state = tempfile::tempdir().unwrap();
    let text = format!(
        "[server]\nlisten = []\nlisten_http = [\"127.0.0.1:0\"]\nadmin = \"none\"\nworkers = 1\nstate_dir = {:?}\n\
         [server.log]\naccess = \"off\"\n[[site]]\nhosts = [\"app.example\"]\nupstream = [\"{}\"]\n\
         https = {{ redirect = \"dangerous_plain_http\" }}\nwaf = {{ mode = \"off\" }}\nprofile = \"compatible\"\n",
        state.path(),
        upstream.url()
    );
    let loaded = from_text(&text, "t.toml", Path::new("."), &Environment::default(), &Overrides::default()).unwrap();
    let services = Services { pilot: Some(Arc::new(Blessing)), ..Services::default() };
    let wall = serve::start_with(&loaded.config, services).unwrap();
    let mut cases = 0;
    for (place, (coding, is_read)) in UPSTREAM.iter().enumerate() {
        for (accepted, leaves_in) in CLIENT {
            for (number, etag) in ETAGS.iter().enumerate() {
                for (method, more) in ASKS {
                    let accepts =
                        if accepted.is_empty() { String::new() } else { format!("Accept-Encoding: {accepted}\r\n") };
                    let ask =
                        format!("{method} /{place}/{number} HTTP/1.1\r\nHost: app.example\r\n{accepts}{more}\r\n");
                    let mut client = WireClient::plain(wall.addresses().http[0]);
                    client.send(ask.as_bytes());
                    let got = if *method == "HEAD" { client.read_head_response() } else { client.read_response() };
                    let case = format!("{ask}{got:?}");
                    let weak = if etag.is_empty() || etag.starts_with("W/") {
                        (*etag).to_owned()
                    } else {
                        format!("W/{etag}")
                    };
                    cases += 1;
                    if more.starts_with("If-None-Match") && !etag.is_empty() {
                        // The page that the browser has keeps its policy, and the validator that it was sent with.
                        assert_eq!((got.status, header(&got, "etag")), (304, weak), "{case}");
                        assert_eq!(header(&got, "content-security-policy"), "", "{case}");
                        continue;
                    }
                    let is_part = more.starts_with("Range");
                    assert_eq!(got.status, if is_part { 206 } else { 200 }, "{case}");
                    if is_part || !is_read {
                        // What is no whole page, or not understood, leaves as it came.
                        let came = folded(coding);
                        let came = if is_part { &came[..4] } else { &came[..] };
                        assert_eq!(header(&got, "etag"), *etag, "{case}");
                        assert_eq!(header(&got, "content-encoding"), *coding, "{case}");
                        assert!(!header(&got, "content-security-policy").contains("nonce"), "{case}");
                        assert!(*method == "HEAD" || got.body == came, "{case}");
                        continue;
                    }
                    let leaves_in = if matches!(*coding, "" | "identity") { coding } else { leaves_in };
                    assert_eq!(header(&got, "content-encoding"), **leaves_in, "{case}");
                    assert_eq!(header(&got, "etag"), weak, "{case}");
                    assert_eq!(header(&got, "content-security-policy"), "script-src 'nonce-N'", "{case}");
                    assert_eq!(header(&got, "cache-control"), "private, max-age=60", "{case}");
                    assert_eq!(header(&got, "accept-ranges"), "", "{case}");
                    let varies = header(&got, "vary").to_ascii_lowercase().contains("accept-encoding");
                    assert_eq!(varies, !matches!(*coding, "" | "identity"), "{case}");
                    if *method == "HEAD" {
                        assert_eq!((header(&got, "content-length"), got.body.len()), (String::new(), 0), "{case}");
                    } else {
                        assert_eq!(unfolded(leaves_in, &got.body), LEAVES, "{case}");
                    }
                }
            }
        }
    }
    assert_eq!(cases, UPSTREAM.len() * CLIENT.len() * ETAGS.len() * ASKS.len());
}
