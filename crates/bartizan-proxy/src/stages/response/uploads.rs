//! Files of users, served on a host of their own: whatever stands in them, it runs nowhere.
//!
//! The request stages refuse these paths on every other host; here the answers lose what could make a
//! browser run them.

use bartizan_headers::content_type;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::apply::text;
use crate::config::Upload;
use crate::context::Exchange;
use crate::head::{Maker, ResponseHead};
use crate::stages::{ResponseStage, ResponseVerdict};

/// Disarms the answers below the paths of uploads.
#[derive(Debug)]
pub(crate) struct Uploads(Vec<Upload>);

impl Uploads {
    /// Returns the stage, unless the site has no such paths.
    pub(crate) fn new(uploads: &[Upload]) -> Option<Self> {
        (!uploads.is_empty()).then(|| Self(uploads.to_vec()))
    }
}

impl ResponseStage for Uploads {
    fn name(&self) -> &'static str {
        "uploads"
    }

    fn describe(&self) -> String {
        let lines = self.0.iter().map(|upload| format!("disarms {} on {}", upload.path, upload.host));
        lines.collect::<Vec<_>>().join("; ")
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        let upload = self.0.iter().find(|upload| is_below(exchange.path.path(), &upload.path));
        if let Some(upload) = upload.filter(|_| response.maker == Maker::Upstream) {
            disarm(&mut response.headers, upload.attachment);
        }
        ResponseVerdict::Pass
    }
}

/// Whether the path lies below the prefix, or is the prefix without its last slash, as routes have it.
fn is_below(path: &str, prefix: &str) -> bool {
    path.starts_with(prefix) || prefix.strip_suffix('/') == Some(path)
}

fn disarm(headers: &mut HeaderMap, attachment: bool) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Beside the policies that are there already: browsers enforce each (CSP3, 4.1).
    headers.append(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    // The app's pages show these files from another host, perhaps another site.
    headers.insert(RESOURCE_POLICY.clone(), HeaderValue::from_static("cross-origin"));
    if attachment && may_run(headers) {
        let disposition = as_attachment(headers.get(CONTENT_DISPOSITION).map(text).unwrap_or_default());
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
}

/// Whether a browser could do more with it than show or play it; what has no type counts.
fn may_run(headers: &HeaderMap) -> bool {
    let Some(said) = headers.get(CONTENT_TYPE).map(text) else { return true };
    let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_shown = ["image/", "audio/", "video/", "font/"].iter().any(|kind| essence.starts_with(kind));
    content_type::is_document(&essence) || !(is_shown || essence == "text/plain")
}

/// Returns the disposition with the type `attachment` and the parameters it had, such as the file name.
fn as_attachment(said: &str) -> HeaderValue {
    let parameters = said.split_once(';').map(|(_, parameters)| parameters).unwrap_or_default();
    let whole = if parameters.is_empty() { "attachment".to_owned() } else { format!("attachment;{parameters}") };
    HeaderValue::try_from(whole).unwrap_or(HeaderValue::from_static("attachment"))
}

const SANDBOX: &str = "default-src 'none'; sandbox";
static RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_itself_belongs_to_it() {
        for (path, is_below_it) in
            [("/media/", true), ("/media/x", true), ("/media", true), ("/mediax", false), ("/", false)]
        {
            assert_eq!(is_below(path, "/media/"), is_below_it, "{path}");
        }
    }

    #[test]
    fn what_could_run_is_only_saved() {
        for (kind, said, expected) in [
            ("text/html", "", "attachment"),
            ("TEXT/HTML; charset=utf-8", "inline; filename=\"a.html\"", "attachment; filename=\"a.html\""),
            ("image/svg+xml", "", "attachment"),
            ("application/pdf", "", "attachment"),
            ("application/xhtml+xml", "", "attachment"),
            ("text/javascript", "attachment", "attachment"),
            ("", "", "attachment"),
            ("image/png", "", ""),
            ("video/mp4", "inline", "inline"),
            ("text/plain; charset=utf-8", "", ""),
        ] {
            let mut headers = HeaderMap::new();
            if !kind.is_empty() {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            }
            if !said.is_empty() {
                headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(said));
            }
            disarm(&mut headers, true);
            assert_eq!(headers.get(CONTENT_DISPOSITION).map(text).unwrap_or_default(), expected, "{kind}");
            assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(headers[CONTENT_SECURITY_POLICY], SANDBOX);
        }
    }
}
