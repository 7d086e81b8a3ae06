//! The pages of our own: what happened in one sentence, and the number to quote; nothing of the inside.
//!
//! One page for people, one for programs (RFC 9457), one for terminals. It reads no files: the texts of
//! an operator's own pages are handed in once, when the configuration is loaded.

mod accept;
mod words;

use std::fmt::Write as _;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::context::Wants;
use crate::request_id::RequestId;
use crate::stages::Answer;

pub use accept::wants_from_accept;
use words::{sentence, title};

/// The pages of one route: the built-in ones, or an operator's own by status.
#[derive(Debug, Clone, Default)]
pub struct ErrorPage {
    own: Vec<(StatusCode, Template)>,
}

impl ErrorPage {
    /// Returns the pages with these texts in place of the built-in HTML; `{id}` and `{status}` are filled in.
    pub fn with_texts(texts: impl IntoIterator<Item = (StatusCode, String)>) -> Self {
        Self { own: texts.into_iter().map(|(status, text)| (status, Template::new(&text))).collect() }
    }

    /// Returns the answer for a status in the form that the client reads.
    pub fn render(&self, status: StatusCode, wants: Wants, id: &RequestId) -> Answer {
        let own = self.own.iter().find(|(of, _)| *of == status).map(|(_, template)| template);
        let mut headers = HeaderMap::with_capacity(4);
        // A page about one request must not be shown for another.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let (kind, body) = match (wants, own) {
            (Wants::Html, Some(template)) => ("text/html; charset=utf-8", template.fill(status, id)),
            (Wants::Html, None) => {
                headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
                headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static("en"));
                ("text/html; charset=utf-8", html(status, id))
            }
            (Wants::Json, _) => ("application/problem+json", problem(status, id)),
            (Wants::Text, _) => ("text/plain; charset=utf-8", plain(status, id)),
        };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        Answer { status, headers, body: Bytes::from(body) }
    }
}

fn html(status: StatusCode, id: &RequestId) -> String {
    let code = status.as_u16();
    let (title, sentence) = (title(status), sentence(status));
    let mut page = String::with_capacity(1536);
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <p>{code}</p>\n<h1>{title}</h1>\n<p>{sentence}</p>\n\
         <footer>If you ask for help, quote this number: <code>{id}</code></footer>\n</main>\n</body>\n</html>\n"
    );
    page
}

fn problem(status: StatusCode, id: &RequestId) -> String {
    let (code, title, sentence) = (status.as_u16(), title(status), sentence(status));
    // All texts are ours, without anything to escape.
    format!(
        "{{\"type\":\"about:blank\",\"title\":\"{title}\",\"status\":{code},\"detail\":\"{sentence}\",\"id\":\"{id}\"}}\n"
    )
}

fn plain(status: StatusCode, id: &RequestId) -> String {
    format!(
        "{} {}\n{}\nIf you ask for help, quote this number: {id}\n",
        status.as_u16(),
        title(status),
        sentence(status)
    )
}

/// An operator's page, cut where numbers are filled in.
#[derive(Debug, Clone)]
struct Template(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Id,
    Status,
    Text(String),
}

impl Template {
    fn new(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((at, name, piece)) = [("{id}", Piece::Id), ("{status}", Piece::Status)]
            .into_iter()
            .filter_map(|(name, piece)| rest.find(name).map(|at| (at, name, piece)))
            .min_by_key(|(at, ..)| *at)
        {
            let (before, after) = rest.split_at(at);
            pieces.extend([Piece::Text(before.to_owned()), piece]);
            rest = after.get(name.len()..).unwrap_or_default();
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Self(pieces)
    }

    fn fill(&self, status: StatusCode, id: &RequestId) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Id => id.as_str(),
            Piece::Status => status.as_str(),
            Piece::Text(text) => text,
        });
        pieces.collect()
    }
}

/// The page's whole style; a change of one character changes its hash below.
const STYLE: &str = "body{font:1.125rem/1.5 system-ui,sans-serif;margin:0;padding:12vh 1.5rem}\
main{max-width:32rem;margin:auto}p:first-child{margin:0;opacity:.65;font-variant-numeric:tabular-nums}\
h1{margin:.25rem 0 1rem;font-size:2rem;line-height:1.2}\
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid;font-size:.9rem}code{overflow-wrap:anywhere}";

/// A policy for this page alone, stricter than any site's: it loads nothing, and its one style is known by
/// its hash.
const PAGE_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     style-src 'sha256-1dqX0hh4jt+nsHlZxfKPMCjdKIohn6hfckpInkMIJlk='";

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    use super::*;

    fn render(pages: &ErrorPage, status: u16, wants: Wants) -> (Answer, String) {
        let answer = pages.render(StatusCode::from_u16(status).unwrap(), wants, &RequestId::random());
        let body = String::from_utf8(answer.body.to_vec()).unwrap();
        (answer, body)
    }

    #[test]
    fn the_policy_admits_the_style_and_nothing_else() {
        let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE)));
        assert!(PAGE_POLICY.contains(&hash), "the style's hash is {hash}");
        let (answer, body) = render(&ErrorPage::default(), 500, Wants::Html);
        assert_eq!(answer.headers[CONTENT_SECURITY_POLICY], PAGE_POLICY);
        assert!(body.contains(&format!("<style>{STYLE}</style>")));
        assert!(!body.contains(" style=") && !body.contains("<script"));
    }

    #[test]
    fn every_status_has_a_page_in_every_form() {
        for status in 400..600 {
            for (wants, kind) in [
                (Wants::Html, "text/html; charset=utf-8"),
                (Wants::Json, "application/problem+json"),
                (Wants::Text, "text/plain; charset=utf-8"),
            ] {
                let id = RequestId::random();
                let answer = ErrorPage::default().render(StatusCode::from_u16(status).unwrap(), wants, &id);
                let body = std::str::from_utf8(&answer.body).unwrap();
                assert_eq!(answer.headers[CONTENT_TYPE], kind);
                assert!(body.contains(id.as_str()) && body.contains(&status.to_string()), "{body}");
                if wants == Wants::Json {
                    let problem: serde_json::Value = serde_json::from_str(body).unwrap();
                    assert_eq!(problem["status"], status);
                    assert_eq!(problem["id"], id.as_str());
                }
            }
        }
    }

    #[test]
    fn an_operators_page_takes_the_place_of_its_status_alone() {
        let own = "<p>{status}: {id}, {id} {other}</p>".to_owned();
        let pages = ErrorPage::with_texts([(StatusCode::BAD_GATEWAY, own)]);
        let (answer, body) = render(&pages, 502, Wants::Html);
        assert!(body.starts_with("<p>502: ") && body.ends_with(" {other}</p>"), "{body}");
        assert!(!body.contains("{id}"));
        // The site's own policy holds for it, not the one of a page it does not know.
        assert!(!answer.headers.contains_key(CONTENT_SECURITY_POLICY));
        assert!(render(&pages, 503, Wants::Html).1.contains("<h1>Not available</h1>"));
        assert!(render(&pages, 502, Wants::Json).1.starts_with('{'));
    }
}
