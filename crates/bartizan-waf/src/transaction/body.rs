//! The request's body: taken in parts, read by the parser that its type or a rule chose.

use super::arguments::Origin;
use super::{Fed, Item, Transaction};
use crate::body::json::{self, JsonError, Places};
use crate::body::multipart::{self, Fault, Multipart};
use crate::body::{charset, decoding, xml};
use crate::seclang::directive::Beyond;
use crate::values::Value;
use crate::variable::Variable;
use crate::verdict::{Action, Reason};

impl Transaction {
    /// Whether rules look at the request's body.
    pub fn wants_request_body(&self) -> bool {
        self.facts.reads_request_body && self.refusal.is_none()
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
        if self.facts.reads_request_body && !body.is_empty() {
            let has_processor = !self.body_processor.is_empty();
            match self.readable(&body).filter(|_| has_processor) {
                Some(decoded) => self.read_body(&decoded),
                None => self.read_body(&body),
            }
        }
        if self.items(Variable::RequestBody).is_empty() {
            self.set(Variable::RequestBody, b"");
        }
        if self.rules.uses(Variable::FullRequest) || self.rules.uses(Variable::FullRequestLength) {
            self.full_request(&body);
        }
        self.combine_arguments();
        self.body = body;
    }

    /// Returns the body without content codings and in a charset that rules read, where it has others.
    fn readable(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        let mut codings: Vec<&[u8]> = Vec::new();
        for Item { key, value } in &self.headers.request {
            if self.values.bytes(*key).eq_ignore_ascii_case(b"content-encoding") {
                codings.push(self.values.bytes(*value));
            }
        }
        let codings = codings.join(&b","[..]);
        let limit = self.rules.settings().request_body_limit;
        let decoded = match decoding::decode(&String::from_utf8_lossy(&codings), body, limit) {
            Ok(decoded) => decoded,
            Err(error) => {
                self.body_error(&error.to_string());
                None
            }
        };
        match charset::of_content_type(&self.content_type) {
            Ok(charset) => charset::to_utf8(decoded.as_deref().unwrap_or(body), charset).or(decoded),
            Err(error) => {
                self.body_error(&error.to_string());
                decoded
            }
        }
    }

    fn read_body(&mut self, body: &[u8]) {
        let processor = self.body_processor.clone();
        let limit = self.rules.settings().request_body_no_files_limit;
        if &*processor != "MULTIPART" && body.len() > limit {
            self.body_error("the body without files is longer than its limit");
        }
        match &*processor {
            "JSON" => self.json(body),
            "MULTIPART" => self.multipart(body, limit),
            "URLENCODED" => {
                if !self.urlencoded(body, Origin::Body) {
                    self.set(Variable::UrlencodedError, b"1");
                }
                self.set(Variable::RequestBody, body);
            }
            "XML" => self.xml(body),
            _ => {}
        }
        if self.facts.forces_request_body {
            self.set(Variable::RequestBody, body);
        }
    }

    fn json(&mut self, body: &[u8]) {
        let depth = self.rules.settings().json_depth;
        let read = json::read(body, Places::Array, depth, |name, value| self.argument(Origin::Body, name, value));
        match read {
            // Too many arguments have been judged where they were added.
            Ok(()) | Err(JsonError::Stopped) => {}
            Err(error) => self.body_error(&error.to_string()),
        }
    }

    fn xml(&mut self, body: &[u8]) {
        let (document, read) = xml::read(body, self.rules.settings().json_depth);
        if let Err(error) = read {
            self.body_error(&error.to_string());
        }
        let text = self.values.intern(b"/*");
        let attribute = self.values.intern(b"//@*");
        let declaration = document.declaration.iter().map(|declaration| (text, declaration));
        let attributes = document.attributes.iter().map(|value| (attribute, value));
        for (key, value) in std::iter::once((text, &document.text)).chain(declaration).chain(attributes) {
            let value = self.values.intern(value);
            self.add(Variable::Xml, key, value);
        }
    }

    fn multipart(&mut self, body: &[u8], limit: usize) {
        let settings = self.rules.settings();
        let most = settings.arguments.saturating_add(settings.files);
        let read = multipart::read(&self.content_type.clone(), body, most);
        let keeps_content = self.rules.uses(Variable::FilesTmpContent);
        let (mut files, mut fields) = (0_usize, 0_usize);
        for part in &read.parts {
            let content = body.get(part.content.clone()).unwrap_or_default();
            let key = self.values.intern(&part.name);
            for header in &part.headers {
                let header = self.values.intern(header);
                self.add(Variable::MultipartPartHeaders, key, header);
            }
            let Some(filename) = &part.filename else {
                fields = fields.saturating_add(content.len());
                if !self.argument(Origin::Body, &part.name, content) {
                    break;
                }
                continue;
            };
            files = files.saturating_add(content.len());
            let filename = self.values.intern(filename);
            let size = self.values.intern(content.len().to_string().as_bytes());
            self.add(Variable::Files, key, filename);
            self.add(Variable::FilesNames, key, key);
            self.add(Variable::FilesSizes, key, size);
            if keeps_content {
                let content = self.values.intern(content);
                self.add(Variable::FilesTmpContent, key, content);
            }
        }
        if fields > limit {
            self.body_error("the body without files is longer than its limit");
        }
        self.set(Variable::FilesCombinedSize, files.to_string().as_bytes());
        self.disorder(&read);
    }

    fn disorder(&mut self, read: &Multipart) {
        for (fault, variable) in FAULTS {
            if read.disorder.has(*fault) {
                self.set(*variable, b"1");
            }
        }
        if self.items(Variable::Files).len() > self.rules.settings().files {
            self.set(Variable::MultipartFileLimitExceeded, b"1");
        }
        if read.disorder.has_mixed_lines() {
            self.set(Variable::MultipartCrlfLfLines, b"1");
        }
        if read.is_disorderly() {
            self.set(Variable::MultipartStrictError, b"1");
        }
        self.set(Variable::MultipartUnmatchedBoundary, read.disorder.unmatched_boundary.to_string().as_bytes());
        self.set(Variable::MultipartName, &read.last_name);
        self.set(Variable::MultipartFilename, &read.last_filename);
        if let Some(error) = &read.error {
            self.body_error(&error.to_string());
        }
    }

    fn body_error(&mut self, message: &str) {
        self.set(Variable::ReqbodyError, b"1");
        self.set(Variable::ReqbodyErrorMsg, message.as_bytes());
        self.set(Variable::ReqbodyProcessorError, b"1");
        self.set(Variable::ReqbodyProcessorErrorMsg, message.as_bytes());
    }

    fn full_request(&mut self, body: &[u8]) {
        let first = |variable: Variable| self.items(variable).first().map_or(Value::EMPTY, |item| item.value);
        let mut text = self.values.bytes(first(Variable::RequestLine)).to_vec();
        text.extend_from_slice(b"\n");
        for Item { key, value } in &self.headers.request {
            for part in [self.values.bytes(*key), b": ", self.values.bytes(*value), b"\n"] {
                text.extend_from_slice(part);
            }
        }
        text.extend_from_slice(b"\n");
        text.extend_from_slice(body);
        self.set(Variable::FullRequestLength, text.len().to_string().as_bytes());
        self.set(Variable::FullRequest, &text);
    }
}

/// Faults and the variables that tell of them.
const FAULTS: &[(Fault, Variable)] = &[
    (Fault::BoundaryQuoted, Variable::MultipartBoundaryQuoted),
    (Fault::BoundaryWhitespace, Variable::MultipartBoundaryWhitespace),
    (Fault::DataAfter, Variable::MultipartDataAfter),
    (Fault::DataBefore, Variable::MultipartDataBefore),
    (Fault::FileLimitExceeded, Variable::MultipartFileLimitExceeded),
    (Fault::HeaderFolding, Variable::MultipartHeaderFolding),
    (Fault::InvalidHeaderFolding, Variable::MultipartInvalidHeaderFolding),
    (Fault::InvalidPart, Variable::MultipartInvalidPart),
    (Fault::InvalidQuoting, Variable::MultipartInvalidQuoting),
    (Fault::LfLine, Variable::MultipartLfLine),
    (Fault::MissingSemicolon, Variable::MultipartMissingSemicolon),
];
