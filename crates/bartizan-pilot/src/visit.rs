//! What a request says of other sites' pages: the ramps of headers of which browsers report nothing live on it.

use std::net::IpAddr;

use crate::evidence::Violation;
use crate::ramps::{RampName, cookie_prefix, resource, same_site};

/// A request that another site's page caused, or an answer that matters to others.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// The client.
    pub client: IpAddr,
    /// What was done.
    pub act: Act,
    /// The origin of the page that did it, or the name of the cookie; empty where neither is known.
    pub target: &'a str,
    /// The path that was asked for.
    pub path: &'a str,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A session cookie came under its old and its new name.
    BringsBothNames,
    /// A page of another site loads a file.
    LoadsFromOtherSite,
    /// A page of another origin of the same site loads a file.
    LoadsFromSameSite,
    /// A page of another site sends a form, and no session comes with it.
    MissesSession,
    /// The app sets a session cookie for a whole domain.
    SetsSessionForDomain,
    /// A page of another site uses the session in a way that `SameSite=Lax` ends.
    UsesSession,
}

impl Act {
    /// Which ramp it matters to, and the word under which it is counted there.
    const fn of_ramp(self) -> (RampName, &'static str) {
        match self {
            Self::BringsBothNames => (RampName::CookiePrefix, cookie_prefix::BOTH_NAMES),
            Self::LoadsFromOtherSite => (RampName::ResourcePolicy, resource::BY_OTHER_SITE),
            Self::LoadsFromSameSite => (RampName::ResourcePolicy, resource::BY_SAME_SITE),
            Self::MissesSession => (RampName::SameSite, same_site::MISSED),
            Self::SetsSessionForDomain => (RampName::CookiePrefix, cookie_prefix::FOR_DOMAIN),
            Self::UsesSession => (RampName::SameSite, same_site::USED),
        }
    }
}

impl Visit<'_> {
    /// Returns the ramp that it matters to, and what is counted there.
    pub(crate) fn counted(&self) -> (RampName, Violation) {
        let (ramp, what) = self.act.of_ramp();
        let short = |text: &str| text.chars().take(LONGEST).collect();
        (ramp, Violation { what: what.to_owned(), target: short(self.target), page: short(self.path) })
    }
}

/// An origin or a path is no longer.
const LONGEST: usize = 300;
