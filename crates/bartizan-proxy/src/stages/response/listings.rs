//! Directory listings that a web server made because no index file was there.
//!
//! Off unless asked for: a listing can be meant. It judges pages of status 200 in HTML.

use bartizan_rules::{Explanation, Platform, Reference};
use http::StatusCode;
use memchr::memmem;

use super::body_start;
use crate::config::ErrorPages;
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind, ResponseStage, ResponseVerdict};

/// The app answered with a generated directory listing.
pub static DIRECTORY_LISTING: RefusalKind = RefusalKind {
    about: Explanation {
        id: "directory-listing",
        title: "A generated directory listing was refused",
        why: "The web server behind the wall listed the files of a directory that has no index page. Listings show \
              backups, uploads and files that nobody meant to link.",
        fix: &[
            (Platform::Apache, "Options -Indexes"),
            (Platform::Nginx, "autoindex off;"),
            (Platform::Bartizan, "errors = { listings = false }   # on the route whose listing is meant"),
        ],
        references: &[Reference::Cwe(548)],
    },
    status: StatusCode::FORBIDDEN,
    after: After::Keep,
};

/// Refuses directory listings.
#[derive(Debug)]
pub(crate) struct Listings(());

impl Listings {
    /// Returns the stage, unless listings are passed on.
    pub(crate) fn new(pages: &ErrorPages) -> Option<Self> {
        pages.listings.then_some(Self(()))
    }
}

impl ResponseStage for Listings {
    fn name(&self) -> &'static str {
        "listings"
    }

    fn describe(&self) -> String {
        "refuses generated directory listings".to_owned()
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        if may_be_listing(response, exchange) { ResponseVerdict::Inspect(LOOKED_AT) } else { ResponseVerdict::Pass }
    }

    fn start_of_body(&self, start: &[u8], response: &ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        if !may_be_listing(response, exchange) {
            return ResponseVerdict::Pass;
        }
        match body_start::decoded(start, &response.headers).and_then(|page| recognise(&page)) {
            Some(program) => ResponseVerdict::Replace(Refusal::new(&DIRECTORY_LISTING).because(program)),
            None => ResponseVerdict::Pass,
        }
    }
}

fn may_be_listing(response: &ResponseHead, exchange: &Exchange) -> bool {
    // Every server answers for a directory under its path with a slash.
    response.status == StatusCode::OK
        && exchange.path.path().ends_with('/')
        && body_start::is_readable(response, exchange, &["text/html"])
}

/// Returns the program that made the listing.
fn recognise(page: &[u8]) -> Option<&'static str> {
    LISTINGS.iter().find_map(|(program, begins, signs)| {
        let fits = page.trim_ascii_start().starts_with(begins.as_bytes())
            && signs.iter().all(|sign| memmem::find(page, sign.as_bytes()).is_some());
        fits.then_some(*program)
    })
}

/// The program, how its page begins, and what stands in it.
static LISTINGS: &[(&str, &str, &[&str])] = &[
    ("Apache or nginx listing", "<", &["<title>Index of /", "<h1>Index of /"]),
    ("lighttpd listing", "<", &["<title>Index of /", "<h2>Index of /"]),
    ("Caddy listing", "<", &["id=\"summary\"", "class=\"meta-item\""]),
    ("Express listing", "<", &["<title>listing directory /"]),
    ("Go listing", "<pre>\n<a href=\"", &["</a>"]),
    ("Go listing", "<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>", &[]),
    ("IIS listing", "<", &["[To Parent Directory]</A>"]),
    ("Jetty listing", "<", &["<title>Directory: /"]),
    ("Python listing", "<", &["<title>Directory listing for /", "<h1>Directory listing for /"]),
    ("Tomcat listing", "<", &["<title>Directory Listing For [/"]),
];

/// Listings say what they are in their head; Caddy's comes after a style sheet.
const LOOKED_AT: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_are_told_from_pages() {
        for (page, program) in [
            (
                "<html>\r\n<head><title>Index of /x/</title></head>\r\n<body>\r\n<h1>Index of /x/</h1><hr><pre>",
                Some("Apache or nginx listing"),
            ),
            (
                "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<html>\n <head>\n  <title>Index of /x</title>\n \
                 </head>\n <body>\n<h1>Index of /x</h1>",
                Some("Apache or nginx listing"),
            ),
            ("<html><title>Index of /x/</title><body><h2>Index of /x/</h2>", Some("lighttpd listing")),
            (
                "<!DOCTYPE HTML>\n<html><title>Directory listing for /</title><h1>Directory listing for /</h1>",
                Some("Python listing"),
            ),
            (
                "<html><style></style><div id=\"summary\"><span class=\"meta-item\"><b>3</b> directories</span>",
                Some("Caddy listing"),
            ),
            ("<html><A HREF=\"/\">[To Parent Directory]</A><br>", Some("IIS listing")),
            ("<pre>\n<a href=\"a.txt\">a.txt</a>\n</pre>", Some("Go listing")),
            (
                "<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n<a href=\"a\">a</a>",
                Some("Go listing"),
            ),
            ("<html><title>Index of all words</title><h1>Index</h1>", None),
            ("<html><title>Index of /etc explained</title><h1>What stands in /etc</h1>", None),
            ("<html><title>Shop</title><pre>\n<a href=\"x\">x</a>", None),
            ("plain text about <title>Directory: /", None),
            ("", None),
        ] {
            assert_eq!(recognise(page.as_bytes()), program, "{page}");
        }
    }
}
