//! The request's body: taken in parts, read by the parser that its type or a rule chose.

use super::arguments::Origin;
use super::{Fed, Transaction};
use crate::seclang::directive::Beyond;
use crate::variable::Variable;
use crate::verdict::{Action, Reason};

impl Transaction {
    /// Whether rules look at the request's body.
    pub fn wants_request_body(&self) -> bool {
        self.request_body_access && self.refusal.is_none()
    }

    /// Takes a part of the body.
    pub fn request_body(&mut self, part: &[u8]) -> Fed {
        let settings = self.rules.settings();
        let room = settings.request_body_limit.saturating_sub(self.body.len());
        let beyond = settings.request_body_beyond;
        self.body.extend_from_slice(&part[..part.len().min(room)]);
        if part.len() <= room {
            return Fed::Taken;
        }
        self.is_body_beyond = true;
        self.set(Variable::InboundDataError, b"1");
        if beyond == Beyond::Reject {
            self.refuse(Action::Deny, 413, Reason::BodyLimit);
            return if self.refusal.is_some() { Fed::Refused } else { Fed::Full };
        }
        Fed::Full
    }

    pub(super) fn complete_body(&mut self) {
        let body = std::mem::take(&mut self.body);
        self.set(Variable::RequestBodyLength, body.len().to_string().as_bytes());
        if self.request_body_access && !body.is_empty() {
            self.read_body(&body);
        }
        if self.items(Variable::RequestBody).is_empty() {
            self.set(Variable::RequestBody, b"");
        }
        self.combine_arguments();
        self.body = body;
    }

    fn read_body(&mut self, body: &[u8]) {
        match &*self.body_processor {
            "URLENCODED" => {
                if !self.urlencoded(body, Origin::Body) {
                    self.set(Variable::UrlencodedError, b"1");
                }
                self.set(Variable::RequestBody, body);
            }
            _ => {}
        }
        if self.force_request_body {
            self.set(Variable::RequestBody, body);
        }
    }
}
