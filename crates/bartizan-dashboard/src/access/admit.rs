//! Who may ask on the listener beside the pages: programs with a token, and browsers that signed in.
//!
//! A pure decision; where there are no users, this machine may everything and nobody else anything.

use std::net::SocketAddr;

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::names::Way;
use super::{Role, Scope, Token};
use crate::dashboard::Dashboard;

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Numbers, in which no client stands.
    Metrics,
    /// To see.
    Read,
    /// To change something.
    Change,
}

/// Why somebody is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// There are no users, and it is not this machine that asks.
    Elsewhere,
    /// Nobody has signed in, and the token, if there is one, is none of ours.
    Unknown,
    /// The role or the scopes are not enough.
    Unfit,
}

impl Dashboard {
    /// Decides whether somebody may ask, and as what.
    ///
    /// # Errors
    ///
    /// How somebody is [`Turned`] away.
    pub fn admit(&self, headers: &HeaderMap, peer: SocketAddr, want: Want) -> Result<Role, Turned> {
        let settings = self.settings();
        if let Some(said) = bearer(headers) {
            let token = settings.tokens.iter().find(|token| token.is(said)).ok_or(Turned::Unknown)?;
            return fit(token, want).ok_or(Turned::Unfit);
        }
        let way = Way::of(headers, &settings.origins);
        let is_here =
            peer.ip().to_canonical().is_loopback() && way.as_ref().is_some_and(|way| way.is_of_this_machine(headers));
        if settings.users.is_empty() {
            // Who gathers metrics may be elsewhere, as long as nobody has said who may not.
            return if is_here || want == Want::Metrics { Ok(Role::Operator) } else { Err(Turned::Elsewhere) };
        }
        if is_here && want == Want::Metrics {
            return Ok(Role::Viewer);
        }
        let way = way.ok_or(Turned::Unknown)?;
        let role = self.visitor_by_page(headers, &way).ok_or(Turned::Unknown)?.role();
        // A page elsewhere could have a browser that is signed in ask for it.
        let may = want != Want::Change || (role == Role::Operator && way.is_ours(headers));
        if may { Ok(role) } else { Err(Turned::Unfit) }
    }
}

/// Returns the token that a program says.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let said = headers.get(AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = said.split_once(' ').unwrap_or((said, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Returns as what a token asks, if its scopes are enough.
fn fit(token: &Token, want: Want) -> Option<Role> {
    let has = |scope| token.scopes.contains(&scope);
    if has(Scope::Operate) {
        return Some(Role::Operator);
    }
    (has(Scope::Wall) && want != Want::Change).then_some(Role::Viewer)
}
