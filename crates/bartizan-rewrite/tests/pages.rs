//! Whole pages: what is met with a nonce, what is not, and that nothing else changes for a browser.

#![allow(clippy::unwrap_used, reason = "a test may end where it is wrong")]

use std::sync::Arc;

use bartizan_rewrite::{
    Asker, Depth, Digest, Inventory, Item, Limits, Page, Rewriter, Served, Sighting, Summary, Unknown, Verdict,
};
use html5ever::ParseOpts;
use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use url::Url;

fn page(unknown: Unknown) -> Page {
    Page {
        url: Url::parse("https://app.example/shop/page").unwrap(),
        charset: None,
        nonce: "abc".to_owned(),
        own_nonces: vec!["own".to_owned()],
        unknown,
        depth: Depth::Everything,
        asker: Asker::Visit,
    }
}

fn rewrite(page: Page, inventory: &Inventory, html: &[u8], cut: usize) -> (Vec<u8>, Summary) {
    let mut rewriter = Rewriter::new(page, Arc::new(inventory.clone())).unwrap();
    let mut out = Vec::new();
    for piece in html.chunks(cut.max(1)) {
        rewriter.write(piece, &mut out);
    }
    let summary = rewriter.end(&mut out);
    (out, summary)
}

#[test]
fn scripts_of_pieces_of_pages_are_noted_for_their_hash() {
    for (asker, html, expected) in [
        (Asker::Script, "<p><script>run()</script>", &[Digest::of("run()")][..]),
        (Asker::Script, "<script src=/a.js></script><style>p{}</style>", &[]), // its own scripts may load others
        (Asker::Script, "<script>steal()</script>", &[]),                      // the address says that
        (Asker::Visit, "<p><script>run()</script>", &[]),
    ] {
        let mut page = Page { asker, ..page(Unknown::Bless) };
        page.url.set_query(Some("q=<script>steal()</script>"));
        let (_, summary) = rewrite(page, &Inventory::default(), html.as_bytes(), 64);
        let inserted = summary.seen.iter().filter_map(|seen| match &seen.item {
            Item::InsertedScript(digest) => Some(*digest),
            _ => None,
        });
        assert_eq!(inserted.collect::<Vec<_>>(), expected, "{html}");
    }
}

/// Learns a page as enough clients see it.
fn learnt(html: &str) -> Inventory {
    let mut inventory = Inventory::new(Limits::default());
    let (_, summary) = rewrite(page(Unknown::Bless), &inventory, html.as_bytes(), 64);
    for client in [1, 2] {
        inventory.see(&summary.seen, Sighting { at: 1, client, page: "/shop/page" });
    }
    inventory.settle();
    inventory
}

#[test]
fn only_what_is_known_gets_the_nonce() {
    let inventory = learnt(
        "<script>run()</script><script src=/js/app.js></script><script src=https://cdn.example/lib.js></script>\
         <style>p{}</style><link rel=stylesheet href='/css/a.css'>",
    );
    for (html, expected) in [
        ("<script>run()</script>", "<script nonce=\"abc\">run()</script>"),
        ("<SCRIPT>run()</SCRIPT >", "<SCRIPT nonce=\"abc\">run()</SCRIPT >"),
        ("<script>steal()</script>", "<script>steal()</script>"),
        ("<script>run();steal()</script>", "<script>run();steal()</script>"),
        ("<script src=/js/app.js></script>", "<script nonce=\"abc\" src=/js/app.js></script>"),
        ("<script src=/js/app.4f2a.js?v=2></script>", "<script nonce=\"abc\" src=/js/app.4f2a.js?v=2></script>"),
        ("<script src=/uploads/x.js></script>", "<script src=/uploads/x.js></script>"), // a folder never seen
        ("<script src=/js/../uploads/x.js></script>", "<script src=/js/../uploads/x.js></script>"),
        ("<script src=//cdn.example/lib.js></script>", "<script nonce=\"abc\" src=//cdn.example/lib.js></script>"),
        ("<script src=//cdn.example/x.js></script>", "<script src=//cdn.example/x.js></script>"),
        (
            "<base href=https://evil.example/><script src=/js/app.js></script>",
            "<base href=https://evil.example/><script src=/js/app.js></script>",
        ),
        ("<script src=data:,run()></script>", "<script src=data:,run()></script>"),
        ("<script type=application/json>{}</script>", "<script type=application/json>{}</script>"), // data
        ("<script nonce=own>run()</script>", "<script nonce=own>run()</script>"),                   // the app's own
        ("<script nonce=old>run()</script>", "<script nonce=\"abc\" nonce=old>run()</script>"),     // the first counts
        ("<style>p{}</style>", "<style nonce=\"abc\">p{}</style>"),
        ("<style>q{}</style>", "<style>q{}</style>"),
        (
            "<link href=/css/b.css rel='preload stylesheet'>",
            "<link nonce=\"abc\" href=/css/b.css rel='preload stylesheet'>",
        ),
        ("<!--<script>run()</script>-->", "<!--<script>run()</script>-->"),
        ("<textarea><script>run()</script></textarea>", "<textarea><script>run()</script></textarea>"),
        ("<script>run()", "<script>run()"), // it never ends, and never runs
        ("<template><script>run()</script></template>", "<template><script nonce=\"abc\">run()</script></template>"),
        ("<script>run()\r\n</script>", "<script>run()\r\n</script>"),
        // Collections of icons are drawings in a drawing.
        (
            "<svg><defs><svg id=a></svg><svg id=b><g></g></svg></defs></svg><script>run()</script>",
            "<svg><defs><svg id=a></svg><svg id=b><g></g></svg></defs></svg><script nonce=\"abc\">run()</script>",
        ),
    ] {
        for cut in [1, 7, 4096] {
            let (out, summary) = rewrite(page(Unknown::Withhold), &inventory, html.as_bytes(), cut);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "cut at {cut}");
            assert!(!summary.is_partial);
        }
    }
}

#[test]
fn what_cannot_carry_a_nonce_is_told() {
    let html = "<p onclick=\"go(&quot;a&quot;)\" style='color:red'><a href=' java\nScript:x(%31)'>b</a><meta \
                http-equiv=Content-Security-Policy content=\"img-src 'self'\">";
    let (out, summary) = rewrite(page(Unknown::Withhold), &Inventory::default(), html.as_bytes(), 5);
    assert_eq!(out, html.as_bytes());
    let items: Vec<_> = summary.seen.iter().map(|seen| (&seen.item, seen.verdict)).collect();
    assert_eq!(
        items,
        [
            (&Item::Handler(Digest::of("go(\"a\")")), Verdict::NeedsHash),
            (&Item::StyleAttribute(Digest::of("color:red")), Verdict::NeedsHash),
            (&Item::ScriptUrl(Digest::of("javascript:x(1)")), Verdict::NeedsHash),
        ]
    );
    assert_eq!(summary.own_policies, ["img-src 'self'"]);
}

#[test]
fn files_that_never_change_are_named_with_their_digest() {
    let mut inventory = Inventory::default();
    let digest = Digest::of("run()");
    for address in ["/js/app.4f2a9c1b.js", "/css/app.css?v=1"] {
        inventory.files.see(Served { address, version: "v", digest, client: 1 }, 1);
    }
    let named = format!(" integrity=\"{}\"", digest.integrity());
    for (html, is_named) in [
        ("<script src=/js/app.4f2a9c1b.js></script>", true),
        ("<script src=../js/app.4f2a9c1b.js></script>", true),
        ("<script src=https://app.example/js/app.4f2a9c1b.js#x></script>", true),
        ("<script src=https://cdn.example/js/app.4f2a9c1b.js></script>", false), // another origin's
        ("<script src=/js/app.4f2a9c1b.js?x></script>", false),
        ("<script integrity=sha256-x src=/js/app.4f2a9c1b.js></script>", false), // the page's own
        ("<link rel=stylesheet href='/css/app.css?v=1'>", true),
        ("<link rel=preload as=style href='/css/app.css?v=1'>", false),
        ("<img src=/js/app.4f2a9c1b.js>", false),
    ] {
        let (out, _) = rewrite(page(Unknown::Withhold), &inventory, html.as_bytes(), 7);
        let out = String::from_utf8(out).unwrap();
        assert_eq!((out.contains(&named), out.replace(&named, "")), (is_named, html.to_owned()));
    }
}

#[test]
fn nonces_of_a_policy_in_the_page_are_met_by_ours() {
    const META: &str = "<meta http-equiv=content-security-policy content=\"script-src 'nonce-m'\">";
    const MET: &str = "<meta content=\"script-src 'nonce-abc' 'nonce-m'\" http-equiv=content-security-policy \
                       content=\"script-src 'nonce-m'\">";
    for (html, expected) in [
        ("<script nonce=m>run()</script>", "<script nonce=\"abc\" nonce=m>run()</script>"),
        ("<script nonce=x>run()</script>", "<script nonce=x>run()</script>"),
        ("<script>run()</script>", "<script>run()</script>"), // the page's policy stops it, and goes on doing so
        ("<style>p{}</style>", "<style nonce=\"abc\">p{}</style>"),
    ] {
        for (unknown, inventory) in [
            (Unknown::Bless, Inventory::default()),
            (Unknown::Withhold, learnt("<script>run()</script><style>p{}</style>")),
        ] {
            let (out, summary) = rewrite(page(unknown), &inventory, format!("{META}{html}").as_bytes(), 7);
            assert_eq!(String::from_utf8(out).unwrap(), format!("{MET}{expected}"));
            assert!(!summary.has_unmet_policy);
        }
    }
    // What is not known gets nothing for the nonce that it carries: nonces in pages may be guessed.
    let html = format!("{META}<script nonce=m>steal()</script>");
    let (out, _) = rewrite(page(Unknown::Withhold), &Inventory::default(), html.as_bytes(), 7);
    assert_eq!(String::from_utf8(out).unwrap(), format!("{MET}<script nonce=m>steal()</script>"));
    let html =
        "<meta http-equiv=content-security-policy content=\"script-src 'nonce-m', x\"><script nonce=m>run()</script>";
    let (out, summary) = rewrite(page(Unknown::Bless), &Inventory::default(), html.as_bytes(), 7);
    assert_eq!((out, summary.has_unmet_policy), (html.as_bytes().to_vec(), true));
}

#[test]
fn what_a_page_repeats_from_its_address_is_not_told() {
    let html = "<script>start()</script><script>steal()</script><p onclick='steal()'><script src=//evil.example/x.js></script>";
    for (query, expected) in [("", (4, 0)), ("?q=<script>steal()</script>", (2, 2)), ("?q=//evil.example/x.js", (3, 1))]
    {
        let mut page = page(Unknown::Bless);
        page.url.set_query(query.strip_prefix('?'));
        let (_, summary) = rewrite(page, &Inventory::default(), html.as_bytes(), 7);
        assert_eq!((summary.seen.len(), summary.echoed), expected, "{query}: {summary:?}");
    }
}

#[test]
fn what_cannot_be_read_passes_untouched() {
    for (html, is_partial) in [
        (&b"<select><xmp><script>run()</script></xmp></select>"[..], true), // browsers themselves differ here
        (b"\xff\xfe<\0s\0c\0r\0i\0p\0t\0>\0", true),
        (b"\xef\xbb\xbf<p>", false),
    ] {
        let (out, summary) = rewrite(page(Unknown::Bless), &Inventory::default(), html, 3);
        assert_eq!(out, html);
        assert_eq!(summary.is_partial, is_partial, "{html:?}");
    }
    let wide = Page { charset: Some("utf-16le".to_owned()), ..page(Unknown::Bless) };
    assert!(Rewriter::new(wide, Arc::default()).is_err());
}

#[test]
fn an_endless_script_is_not_kept() {
    let mut rewriter = Rewriter::new(page(Unknown::Bless), Arc::default()).unwrap();
    let mut out = Vec::new();
    rewriter.write(b"<script>", &mut out);
    let mut left = 0;
    for _ in 0..64 {
        rewriter.write(&[b'x'; 65536], &mut out);
        left += out.len();
        out.clear();
    }
    assert!(left > 2 << 20, "only {left} bytes have left");
}

/// Every element and text of a page as a browser's parser sees it, without nonces.
fn tree(html: &[u8]) -> Vec<String> {
    let dom = html5ever::parse_document(RcDom::default(), ParseOpts::default()).from_utf8().one(html);
    let mut lines = Vec::new();
    walk(&dom.document, 0, &mut lines);
    lines
}

fn walk(node: &Handle, depth: usize, lines: &mut Vec<String>) {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            let attributes = attrs.borrow();
            let mut attributes: Vec<_> = attributes
                .iter()
                .filter(|attribute| &*attribute.name.local != "nonce")
                // A policy of the page's own names our nonce as well.
                .map(|attribute| (&attribute.name.local, attribute.value.replace("'nonce-abc' ", "")))
                .map(|(name, value)| format!("{name}={value:?}"))
                .collect();
            attributes.sort();
            lines.push(format!("{depth} <{}> {}", name.local, attributes.join(" ")));
        }
        NodeData::Text { contents } => lines.push(format!("{depth} {:?}", &**contents.borrow())),
        NodeData::Comment { contents } => lines.push(format!("{depth} <!-- {:?}", &**contents)),
        NodeData::Doctype { .. } | NodeData::Document | NodeData::ProcessingInstruction { .. } => {}
    }
    for child in node.children.borrow().iter() {
        walk(child, depth + 1, lines);
    }
}

const PIECES: &[&str] = &[
    "<script>",
    "</script>",
    "<script src='/a.js'>",
    "<script\n async >",
    "<style>",
    "</style>",
    "<svg>",
    "<svg><svg>",
    "<svg/>",
    "<symbol>",
    "<div>",
    "</div>",
    "<g>",
    "</g>",
    "</symbol>",
    "</svg>",
    "</svg></svg>",
    "<math>",
    "</math>",
    "<template>",
    "</template>",
    "<!--",
    "-->",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "<p onclick=x>",
    "</p>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "<link rel=stylesheet href=a.css>",
    "<link rel=stylesheet href=a.css/>",
    "<![CDATA[",
    "]]>",
    "x()",
    "'",
    "\"",
    "<",
    ">",
    "</",
    "&lt;",
    "\u{e9}",
    "\r\n",
    "\0",
    "<noscript>",
    "</noscript>",
    "<iframe>",
    "</iframe>",
    "<xmp>",
    "<plaintext>",
    "<select>",
    "<option>",
    "<base href=/x/>",
    "=",
    "/",
    "<scr",
    "ipt>",
    "<!doctype html>",
    "<body>",
    "<head>",
    "<foreignObject>",
    "<a href=javascript:x>",
    "<meta http-equiv=content-security-policy content=\"script-src 'nonce-m' &quot;\">",
    "<script nonce=m>",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_browser_sees_no_other_difference(pieces in prop::collection::vec(0..PIECES.len(), 0..24), cut in 1_usize..40) {
        let html: String = pieces.iter().map(|at| PIECES[*at]).collect();
        let (out, _) = rewrite(page(Unknown::Bless), &Inventory::default(), html.as_bytes(), cut);
        prop_assert_eq!(tree(&out), tree(html.as_bytes()), "{}", html);
    }

    #[test]
    fn any_bytes_leave_as_they_came(mut data in prop::collection::vec(any::<u8>(), 0..200)) {
        bartizan_rewrite::fuzzing::page(&data);
        data.splice(1.min(data.len()).., b"<script>x</script>".iter().copied());
        bartizan_rewrite::fuzzing::page(&data);
    }
}
