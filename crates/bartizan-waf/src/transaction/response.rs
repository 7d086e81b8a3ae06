//! The response's line, fields and body.

use super::{Fed, Item, Transaction};
use crate::seclang::directive::Beyond;
use crate::values::Value;
use crate::variable::Variable;
use crate::verdict::{Action, Reason};

impl Transaction {
    /// Takes the status line: 200, `HTTP/1.1`.
    pub fn response_line(&mut self, status: u16, version: &[u8]) {
        let status = status.to_string();
        self.set(Variable::ResponseStatus, status.as_bytes());
        self.set(Variable::ResponseProtocol, version);
        self.set(Variable::StatusLine, &[version, b" ", status.as_bytes()].concat());
    }

    /// Takes a field.
    pub fn response_header(&mut self, name: &[u8], value: &[u8]) {
        if name.eq_ignore_ascii_case(b"content-type") {
            // Parameters are no part of the type.
            let end = value.iter().position(|&byte| byte == b';').unwrap_or(value.len());
            self.set(Variable::ResponseContentType, value[..end].trim_ascii());
        }
        let (key, value) = (self.values.intern(name), self.values.intern(value));
        self.add(Variable::ResponseHeaders, key, value);
        self.add(Variable::ResponseHeadersNames, key, key);
        self.headers.response.push(Item { key, value });
    }

    /// Whether rules look at this response's body: its type is one of those that are looked at.
    pub fn wants_response_body(&self) -> bool {
        let content_type = self.items(Variable::ResponseContentType).first().map_or(Value::EMPTY, |item| item.value);
        let content_type = self.values.bytes(content_type);
        let types = &self.rules.settings().response_mime_types;
        self.facts.reads_response_body
            && types.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(content_type))
            && self.refusal.is_none()
    }

    /// Takes a part of the body.
    pub fn response_body(&mut self, part: &[u8]) -> Fed {
        let settings = self.rules.settings();
        let room = settings.response_body_limit.saturating_sub(self.response_body.len());
        let beyond = settings.response_body_beyond;
        self.response_body.extend_from_slice(&part[..part.len().min(room)]);
        if part.len() <= room {
            return Fed::Taken;
        }
        self.set(Variable::OutboundDataError, b"1");
        if beyond == Beyond::Reject {
            self.refuse(Action::Deny, 403, Reason::BodyLimit);
            return if self.refusal.is_some() { Fed::Refused } else { Fed::Full };
        }
        Fed::Full
    }

    pub(super) fn complete_response_headers(&mut self) {
        for scalar in
            [Variable::ResponseContentType, Variable::ResponseProtocol, Variable::ResponseStatus, Variable::StatusLine]
        {
            if self.items(scalar).is_empty() {
                self.set(scalar, b"");
            }
        }
    }

    pub(super) fn complete_response_body(&mut self) {
        let body = std::mem::take(&mut self.response_body);
        self.set(Variable::ResponseContentLength, body.len().to_string().as_bytes());
        if self.wants_response_body() {
            self.set(Variable::ResponseBody, &body);
        }
        self.response_body = body;
    }
}
