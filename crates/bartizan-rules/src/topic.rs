//! What a rule is about.

/// What a rule is about, in the order in which people read a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Topic {
    /// Faults in how a site insists on HTTPS.
    Transport,
    /// Faults in what a page may load and run.
    Csp,
    /// Faults in cookies.
    Cookies,
    /// Faults in who may show a page in a frame.
    Framing,
    /// Faults in what other origins may do with a site.
    CrossOrigin,
    /// Faults in how content is labelled.
    Content,
    /// Faults in what a site tells of itself and its visitors.
    Leaks,
    /// Faults in who may keep a response.
    Caching,
    /// Faults in where reports go.
    Reporting,
    /// Headers that once helped and no longer do.
    Obsolete,
}

impl Topic {
    /// Returns the name, as the folder of its rules is called.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Csp => "csp",
            Self::Cookies => "cookies",
            Self::Framing => "framing",
            Self::CrossOrigin => "cross_origin",
            Self::Content => "content",
            Self::Leaks => "leaks",
            Self::Caching => "caching",
            Self::Reporting => "reporting",
            Self::Obsolete => "obsolete",
        }
    }
}
