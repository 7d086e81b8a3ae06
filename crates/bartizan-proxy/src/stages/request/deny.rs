//! Denied paths: routes that nobody reaches from outside.
//!
//! A request is let through when its route is not denied. The router has refused paths of which another
//! reading meets another route, so a denied route cannot be reached by spelling its path differently.

use bartizan_rules::{Explanation, Platform, Reference};
use http::StatusCode;

use crate::context::Exchange;
use crate::head::RequestHead;
use crate::stages::refusal::After;
use crate::stages::{RefusalKind, RequestStage, Verdict};

/// Refuses everything, or nothing.
#[derive(Debug)]
pub struct Deny {
    is_denied: bool,
}

impl Deny {
    /// Makes the stage for a policy.
    pub fn new(is_denied: bool) -> Self {
        Self { is_denied }
    }
}

impl RequestStage for Deny {
    fn name(&self) -> &'static str {
        "deny"
    }

    fn describe(&self) -> String {
        if self.is_denied { "every request is refused" } else { "off" }.to_owned()
    }

    fn head(&self, _request: &mut RequestHead, _exchange: &mut Exchange) -> Verdict {
        if self.is_denied { Verdict::Refuse((&DENIED_PATH).into()) } else { Verdict::Pass }
    }
}

/// The route is closed.
pub static DENIED_PATH: RefusalKind = RefusalKind {
    about: Explanation {
        id: "denied-path",
        title: "The path is closed to visitors",
        why: "Some paths of an app are meant for its own machines: metrics, consoles, health details, administration. \
              The operator has closed this one at the wall, whatever the app itself would allow.",
        fix: &[(Platform::Bartizan, "[[site.route]]\npath = \"/internal/\"\ndeny = false")],
        references: &[Reference::Rfc(9110, "15.5.4"), Reference::Cwe(284)],
    },
    status: StatusCode::FORBIDDEN,
    after: After::Keep,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    #[test]
    fn a_denied_route_is_closed_and_another_open() {
        for (is_denied, expected) in [(true, "denied-path"), (false, "pass")] {
            assert_eq!(outcome(&Deny::new(is_denied), &mut Ask::get("/")), expected);
        }
    }
}
