//! Entry points for fuzz targets and for the replay of their corpora: what foreign sites send.

pub use bartizan_headers::fuzzing::Target;
use bartizan_rules::observatory::{Algorithm, Retrieval, grade};
use url::Url;

use crate::html::{Reading, elements, markup};
use crate::http::{Reader, decode};
use crate::jar::Jar;

/// Every parser of this crate.
pub const TARGETS: &[Target] = &[
    Target { name: "cookie_jar", run: cookie_jar },
    Target { name: "dns_answer", run: dns_answer },
    Target { name: "html", run: html },
    Target { name: "http_response", run: http_response },
];

/// Set-Cookie lines, one a line: what is kept is sent to its own site, and never to another.
pub fn cookie_jar(bytes: &[u8]) {
    let text: String = bytes.iter().copied().map(char::from).collect();
    let Ok(url) = Url::parse("https://x.site.test/a/b") else { return };
    let Ok(other) = Url::parse("https://other.example/a/b") else { return };
    let mut jar = Jar::default();
    for line in text.split('\n') {
        jar.set(line, &url);
    }
    assert_eq!(jar.line(&other, 0), None);
    let kept = jar.cookies().count();
    jar.line(&url, 0);
    assert!(jar.cookies().count() <= kept);
}

/// What a DNS server says, and the data of its records.
pub fn dns_answer(bytes: &[u8]) {
    crate::dns::fuzz(bytes);
}

/// A page, read by every reader; and what is graded of it.
pub fn html(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for reading in [Reading::Browser, Reading::Fragment, Reading::WithoutScripts] {
        let found = elements(&text, reading);
        assert!(found.iter().all(|element| !element.tag.name.is_empty()));
    }
    let Ok(url) = Url::parse("https://x.site.test/") else { return };
    crate::site::page(&url, &text);
    for algorithm in Algorithm::ALL {
        let answer = bartizan_rules::observatory::Answer {
            status: 200,
            is_verified: true,
            lines: vec![("content-type".to_owned(), "text/html".to_owned())],
        };
        let markup = markup(&text, *algorithm);
        let seen = Retrieval { https: Some(answer), markup, ..Retrieval::default() };
        let _ = grade(&seen, *algorithm, &bartizan_rules::observatory::PreloadList::default());
    }
}

/// An answer, whole and in pieces: the cut makes no difference.
pub fn http_response(bytes: &[u8]) {
    let Some((piece, bytes)) = bytes.split_first() else { return };
    let read = |piece: usize| {
        let mut reader = Reader::new("GET");
        for part in bytes.chunks(piece) {
            if reader.take(part)? {
                break;
            }
        }
        reader.finish()
    };
    let whole = read(bytes.len().max(1));
    assert_eq!(read(usize::from(*piece).max(1)), whole);
    if let Ok(response) = whole {
        let _ = decode(&response.head, response.body);
    }
}
