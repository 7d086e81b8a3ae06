//! A request or an answer that is not let through, always with an explanation.

use std::borrow::Cow;

use bartizan_rules::Explanation;
use http::{HeaderName, HeaderValue, StatusCode};

use crate::context::Wants;

/// One reason for refusing, declared as a `static` beside the code that refuses.
#[derive(Debug, PartialEq, Eq)]
pub struct RefusalKind {
    /// What it is and how to mend it; its id is the metric label and stands in the log.
    pub about: Explanation,
    /// The status the client sees.
    pub status: StatusCode,
    /// Whether the connection can carry a further request.
    pub after: After,
}

/// What becomes of the connection after a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The connection is closed: its framing can no longer be trusted, or it costs too much.
    Close,
    /// The connection is closed without any answer.
    Drop,
    /// The next request is read.
    Keep,
}

/// One refusal of one exchange.
#[derive(Debug)]
pub struct Refusal {
    /// The reason.
    pub kind: &'static RefusalKind,
    /// The status the client sees: the kind's, or the app's where its answer was replaced.
    pub status: StatusCode,
    /// What it was about, for the log alone; foreign text in it is escaped when it is written.
    pub detail: Option<Cow<'static, str>>,
    /// Header lines that belong to the answer, such as `Retry-After` or `Allow`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The form for a client that names none, where the answer stands in for one in that form.
    pub form: Option<Wants>,
}

impl Refusal {
    /// Refuses for this reason.
    pub fn new(kind: &'static RefusalKind) -> Self {
        Self { kind, status: kind.status, detail: None, headers: Vec::new(), form: None }
    }

    /// Adds what the log should know.
    #[must_use]
    pub fn because(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Answers with this status in place of the kind's.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Answers in this form where the client names none.
    #[must_use]
    pub fn in_form(mut self, form: Wants) -> Self {
        self.form = Some(form);
        self
    }

    /// Adds a header line to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl From<&'static RefusalKind> for Refusal {
    fn from(kind: &'static RefusalKind) -> Self {
        Self::new(kind)
    }
}
