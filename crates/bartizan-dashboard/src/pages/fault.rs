//! Why a page cannot be made, and what is said of it.

use bartizan_reports::store::StoreError;
use http::StatusCode;

use crate::access::Role;
use crate::html::{Html, lines, prose, tag};

/// Why a page cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// Nothing is collected.
    #[error("no reports are collected")]
    NoReports,
    /// There is no wall.
    #[error("no wall runs here")]
    NoWall,
    /// What was asked for is not, or no longer, there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Another role is needed.
    #[error("only an {0} may do this")]
    NotAllowed(Role),
    /// What was asked for is not enough to act on.
    #[error("{0}")]
    Unclear(&'static str),
    /// The store.
    #[error("the reports cannot be read: {0}")]
    Store(#[from] StoreError),
}

impl Fault {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            // Not a fault of the request: the page says how to change it.
            Self::NoReports | Self::NoWall => StatusCode::OK,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::NotAllowed(_) => StatusCode::FORBIDDEN,
            Self::Unclear(_) => StatusCode::BAD_REQUEST,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns what the page says instead.
    pub(crate) fn told(&self) -> Html {
        let more: Html = match self {
            Self::NoReports => Html::all([
                Html::from(tag("p").put("No site collects what browsers report. To begin, write this and restart:")),
                tag("pre").put(tag("code").put(lines(COLLECT))).into(),
            ]),
            Self::NoWall => {
                tag("p").put(prose("Only reports are collected here; `bartizan serve` has this page.")).into()
            }
            Self::NotFound(_) => tag("p")
                .put("It may have been forgotten since: reports are kept for as long as the settings say.")
                .into(),
            Self::NotAllowed(_) => {
                tag("p").put(prose("Your role is set where the users are: `[[dashboard.user]]`.")).into()
            }
            Self::Unclear(_) => Html::nothing(),
            Self::Store(_) => {
                tag("p").put("The wall goes on serving; reports wait in memory, and the log says what is wrong.").into()
            }
        };
        let mut title = self.to_string();
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        tag("section").class("empty").put(tag("h2").put(title)).put(more).into()
    }
}

const COLLECT: &str = "[site.reports]\ncollect = true";
