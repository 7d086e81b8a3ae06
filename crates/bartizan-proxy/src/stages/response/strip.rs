//! Header lines that tell strangers which software, in which version, stands behind the wall.
//!
//! Hop-by-hop fields are no business of this stage: `exchange/` makes every response head anew.

use bartizan_rules::Rule;
use bartizan_rules::leaks::{
    generator_disclosed, internal_headers_disclosed, powered_by_disclosed, server_version_disclosed, via_disclosed,
};
use bartizan_rules::obsolete::{expect_ct_obsolete, hpkp_obsolete};
use http::{HeaderMap, HeaderName};

use crate::context::Exchange;
use crate::head::{Maker, ResponseHead};
use crate::stages::{ResponseStage, ResponseVerdict};

/// Removes the listed headers from the app's answers.
#[derive(Debug)]
pub(crate) struct Strip {
    names: Vec<HeaderName>,
    /// A bit for each length (modulo 64) that a listed name has: most lines of a response are passed
    /// over by one comparison.
    lengths: u64,
}

impl Strip {
    /// Returns the stage, unless nothing is to be removed.
    pub(crate) fn new(names: &[HeaderName]) -> Option<Self> {
        if names.is_empty() {
            return None;
        }
        let lengths = names.iter().fold(0, |bits, name| bits | length_bit(name));
        Some(Self { names: names.to_vec(), lengths })
    }

    fn leaks(&self, name: &HeaderName) -> bool {
        self.lengths & length_bit(name) != 0 && self.names.contains(name)
    }

    fn strip(&self, headers: &mut HeaderMap) {
        while let Some(name) = headers.keys().find(|name| self.leaks(name)).cloned() {
            headers.remove(name);
        }
    }
}

fn length_bit(name: &HeaderName) -> u64 {
    1 << (name.as_str().len() % 64)
}

impl ResponseStage for Strip {
    fn name(&self) -> &'static str {
        "strip"
    }

    fn describe(&self) -> String {
        format!("removes {}", self.names.iter().map(HeaderName::as_str).collect::<Vec<_>>().join(", "))
    }

    fn mends(&self) -> &'static [&'static Rule] {
        MENDS
    }

    fn head(&self, response: &mut ResponseHead, _exchange: &Exchange) -> ResponseVerdict {
        if response.maker == Maker::Upstream {
            self.strip(&mut response.headers);
        }
        ResponseVerdict::Pass
    }
}

static MENDS: &[&Rule] = &[
    &expect_ct_obsolete::RULE,
    &generator_disclosed::RULE,
    &hpkp_obsolete::RULE,
    &internal_headers_disclosed::RULE,
    &powered_by_disclosed::RULE,
    &server_version_disclosed::RULE,
    &via_disclosed::RULE,
];

/// Names that tell of software and serve no visitor, each with the program that sends it.
pub static BANNERS: &[(&str, &str)] = &[
    ("server", "every server: product and version"),
    ("via", "proxies between the app and us: product, version, host name"),
    ("liferay-portal", "Liferay: edition and build"),
    ("microsoftsharepointteamservices", "SharePoint: build number"),
    ("x-aspnet-version", "ASP.NET: version"),
    ("x-aspnetmvc-version", "ASP.NET MVC: version"),
    ("x-backend", "load balancers: name of the machine"),
    ("x-backend-server", "load balancers: name of the machine"),
    ("x-confluence-request-time", "Confluence: product and timing"),
    ("x-cf-powered-by", "CMS modules: product"),
    ("x-cocoon-version", "Apache Cocoon: version"),
    ("x-content-encoded-by", "Joomla: product and version"),
    ("x-debug-token", "Symfony profiler: key of a page with request internals"),
    ("x-debug-token-link", "Symfony profiler: address of that page"),
    ("x-drupal-cache", "Drupal: product"),
    ("x-drupal-cache-contexts", "Drupal: how pages are put together"),
    ("x-drupal-cache-max-age", "Drupal: product"),
    ("x-drupal-cache-tags", "Drupal: numbers of users and nodes"),
    ("x-drupal-dynamic-cache", "Drupal: product"),
    ("x-generator", "content management systems: product and version"),
    ("x-jenkins", "Jenkins: version"),
    ("x-krakend", "KrakenD: version"),
    ("x-litespeed-cache", "LiteSpeed: product"),
    ("x-mod-pagespeed", "PageSpeed for Apache: version"),
    ("x-owa-version", "Outlook on the web: build number"),
    ("x-page-speed", "PageSpeed: version"),
    ("x-php-version", "PHP: version"),
    ("x-pingback", "WordPress: product and the address of XML-RPC"),
    ("x-powered-by", "Express, PHP, ASP.NET and many more: product and version"),
    ("x-powered-by-plesk", "Plesk: product"),
    ("x-powered-cms", "Bitrix: product"),
    ("x-redirect-by", "WordPress and TYPO3: product"),
    ("x-runtime", "Rails: product, and a clock for timing attacks"),
    ("x-served-by", "load balancers: name of the machine"),
    ("x-server", "hosting panels: product or name of the machine"),
    ("x-server-name", "hosting panels: name of the machine"),
    ("x-sourcefiles", "ASP.NET debugging: path of the source"),
    ("x-turbo-charged-by", "LiteSpeed: product"),
    ("x-varnish", "Varnish: product and request numbers"),
    ("x-version", "many apps: version"),
];

/// Headers that browsers gave up, two of which could lock a site out of its own visitors' browsers.
pub static OBSOLETE: &[(&str, &str)] = &[
    ("expect-ct", "browsers demand Certificate Transparency anyway"),
    ("public-key-pins", "no browser acts on it; a wrong pin locked sites out for months"),
    ("public-key-pins-report-only", "no browser acts on it"),
];

/// Names that tell how an answer came about; monitoring scripts may read them, so only `strict` removes them.
pub static TIMINGS: &[(&str, &str)] = &[
    ("server-timing", "apps: durations of queries, a clock for timing attacks"),
    ("x-request-time", "apps: durations"),
    ("x-response-time", "Express and others: durations"),
];

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn listed_lines_go_and_others_stay() {
        let names: Vec<_> = BANNERS.iter().map(|(name, _)| HeaderName::from_static(name)).collect();
        let strip = Strip::new(&names).unwrap();
        for (line, stays) in [
            ("server", false),
            ("x-powered-by", false),
            ("x-drupal-cache-tags", false),
            ("content-type", true),
            ("x-power", true),
            ("x-request-id", true),
            ("server-timing", true),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(line, HeaderValue::from_static("a"));
            headers.append(line, HeaderValue::from_static("b"));
            headers.append("date", HeaderValue::from_static("today"));
            strip.strip(&mut headers);
            assert_eq!(headers.contains_key(line), stays, "{line}");
            assert!(headers.contains_key("date"));
        }
        assert!(Strip::new(&[]).is_none());
    }

    #[test]
    fn names_are_said_once() {
        let all: Vec<_> = BANNERS.iter().chain(OBSOLETE).chain(TIMINGS).map(|(name, _)| name).collect();
        for (i, name) in all.iter().enumerate() {
            assert!(!all.iter().skip(i + 1).any(|other| other == name), "{name}");
        }
    }
}
