//! The files that pages load: one style, one script, one picture. They are part of the program.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};
use http_body_util::Full;

use crate::dashboard::Body;

/// A file that pages load.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Where it is asked for.
    pub(crate) path: &'static str,
    media_type: &'static str,
    text: &'static str,
}

pub(crate) static STYLE: Asset =
    Asset { path: "/dashboard.css", media_type: "text/css; charset=utf-8", text: include_str!("assets/dashboard.css") };

pub(crate) static SCRIPT: Asset = Asset {
    path: "/dashboard.js",
    media_type: "text/javascript; charset=utf-8",
    text: include_str!("assets/dashboard.js"),
};

pub(crate) static PICTURE: Asset =
    Asset { path: "/dashboard.svg", media_type: "image/svg+xml", text: include_str!("assets/dashboard.svg") };

static ASSETS: &[&Asset] = &[&STYLE, &SCRIPT, &PICTURE];

/// Returns the file of a path.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().copied().find(|asset| asset.path == path)
}

impl Asset {
    /// Returns the answer with the file.
    pub(crate) fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::new(Full::new(Bytes::from_static(self.text.as_bytes()))));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        // Not stored either: the next version of the program has another style under the same name.
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stays_small_and_the_style_loads_nothing() {
        assert!(SCRIPT.text.lines().count() < 200);
        for asset in ASSETS {
            for forbidden in ["@import", "http:", "https:", "innerHTML", "eval(", "document.write"] {
                let text = asset.text.replace("http://www.w3.org/2000/svg", "");
                assert!(!text.contains(forbidden), "{}: {forbidden}", asset.path);
            }
        }
    }
}
