//! Body size: a body that says it is too large is refused before a byte of it is read.
//!
//! A request is let through when it has no `Content-Length`, or one within the limit. A body without a
//! length is counted while it flows, in `exchange/`, which refuses it with [`BODY_TOO_LARGE`] too.

use bartizan_rules::{Explanation, Platform, Reference};
use http::{StatusCode, header};

use crate::context::Exchange;
use crate::head::RequestHead;
use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind, RequestStage, Verdict};

/// Refuses bodies that announce more bytes than the route takes.
#[derive(Debug)]
pub struct BodySize {
    limit: Option<u64>,
}

impl BodySize {
    /// Makes the stage; nothing has no limit.
    pub fn new(limit: Option<u64>) -> Self {
        Self { limit }
    }
}

impl RequestStage for BodySize {
    fn name(&self) -> &'static str {
        "size"
    }

    fn describe(&self) -> String {
        self.limit.map_or_else(|| "off".to_owned(), |limit| format!("bodies up to {limit} bytes"))
    }

    fn head(&self, request: &mut RequestHead, _exchange: &mut Exchange) -> Verdict {
        let (Some(limit), Some(length)) = (self.limit, request.headers.get(header::CONTENT_LENGTH)) else {
            return Verdict::Pass;
        };
        // Framing admits plain digits only; what does not fit is larger than any limit.
        let length = length.to_str().ok().and_then(|digits| digits.parse::<u64>().ok()).unwrap_or(u64::MAX);
        if length <= limit {
            return Verdict::Pass;
        }
        Verdict::Refuse(Refusal::new(&BODY_TOO_LARGE).because(format!("{length} bytes, {limit} allowed")))
    }
}

/// The body is larger than the limit.
pub static BODY_TOO_LARGE: RefusalKind = RefusalKind {
    about: Explanation {
        id: "body-too-large",
        title: "The body of the request is larger than the limit",
        why: "Many apps keep a body in memory or on disk before they look at it, so a few large ones stop them. The \
              connection is closed: reading the rest only to throw it away would cost what the limit saves.",
        fix: &[
            (Platform::Bartizan, "[[site.route]]\npath = \"/upload/\"\nbody = \"2GiB\""),
            (Platform::Client, "Send the data in smaller parts, if the app takes them."),
        ],
        references: &[Reference::Rfc(9110, "15.5.14"), Reference::Cwe(770)],
    },
    status: StatusCode::PAYLOAD_TOO_LARGE,
    after: After::Close,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    #[test]
    fn an_announced_body_fits_or_is_refused() {
        for (limit, length, expected) in [
            (Some(10), Some("10"), "pass"),
            (Some(10), Some("11"), "body-too-large"),
            (Some(10), Some("9999999999999999999"), "body-too-large"),
            (Some(10), None, "pass"),
            (None, Some("9999999999"), "pass"),
        ] {
            let mut ask = Ask::new("POST", "/");
            if let Some(length) = length {
                ask = ask.with("content-length", length);
            }
            assert_eq!(outcome(&BodySize::new(limit), &mut ask), expected, "{limit:?} {length:?}");
        }
    }
}
