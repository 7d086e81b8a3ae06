//! What a set of rules is run with: settings of directives, and limits that no directive can lift.

use std::path::PathBuf;

use crate::seclang::action::Switch;
use crate::seclang::directive::{AuditFormat, Beyond, Setting};

/// Settings of a set of rules.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether rules refuse.
    pub engine: Switch,
    /// Whether request bodies are looked at.
    pub request_body_access: bool,
    /// How much of a request body is looked at.
    pub request_body_limit: usize,
    /// How much of it may be something else than files.
    pub request_body_no_files_limit: usize,
    /// What happens beyond.
    pub request_body_beyond: Beyond,
    /// How deep JSON may be.
    pub json_depth: usize,
    /// Whether response bodies are looked at.
    pub response_body_access: bool,
    /// How much of a response body is looked at.
    pub response_body_limit: usize,
    /// What happens beyond.
    pub response_body_beyond: Beyond,
    /// The types of content that are looked at, in lower case.
    pub response_mime_types: Vec<String>,
    /// Between what arguments stand.
    pub argument_separator: u8,
    /// How many arguments are read.
    pub arguments: usize,
    /// How many files one body may hold.
    pub files: usize,
    /// Which transactions are logged.
    pub audit_engine: Switch,
    /// In which form.
    pub audit_format: AuditFormat,
    /// Which parts.
    pub audit_parts: String,
    /// The statuses that are relevant, as an expression.
    pub audit_relevant_status: Option<String>,
    /// How long an unused collection is kept, in seconds.
    pub collection_timeout: u64,
    /// The names of the sets of rules.
    pub component_signatures: Vec<String>,
    /// A name for this machine in the audit log.
    pub sensor_id: String,
    /// A name for this application.
    pub web_app_id: String,
    /// The map of `urlDecodeUni`: a file and a code page.
    pub unicode_map: Option<(PathBuf, u32)>,
    /// Limits that no directive can lift.
    pub limits: Limits,
}

/// Limits of one transaction.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of values before and after transformations that one transaction keeps.
    pub value_bytes: usize,
    /// Values that one transaction keeps.
    pub values: usize,
    /// Units of work for the phases of the request, and again for those of the response.
    pub work: u64,
    /// What happens when a limit is reached.
    pub exhausted: Exhausted,
}

/// What happens to a transaction that costs too much to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exhausted {
    /// It passes, and the verdict says so.
    Pass,
    /// It is refused.
    Refuse,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            engine: Switch::Off,
            request_body_access: false,
            // ModSecurity's recommended configuration.
            request_body_limit: 13_107_200,
            // As in ModSecurity 3, no limit of its own until a directive sets one.
            request_body_no_files_limit: usize::MAX,
            request_body_beyond: Beyond::Reject,
            json_depth: 512,
            response_body_access: false,
            response_body_limit: 524_288,
            response_body_beyond: Beyond::ProcessPartial,
            response_mime_types: ["text/plain", "text/html"].map(str::to_owned).to_vec(),
            argument_separator: b'&',
            arguments: 1_000,
            files: 100,
            audit_engine: Switch::Off,
            audit_format: AuditFormat::Native,
            audit_parts: "ABIJDEFHZ".to_owned(),
            audit_relevant_status: None,
            collection_timeout: 3_600,
            component_signatures: Vec::new(),
            sensor_id: String::new(),
            web_app_id: "default".to_owned(),
            unicode_map: None,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        // The largest body that is looked at, some dozens of ways; a unit of work is about a nanosecond.
        Self { value_bytes: 256 << 20, values: 1 << 20, work: 2_000_000_000, exhausted: Exhausted::Refuse }
    }
}

impl Settings {
    /// Takes over what a directive says.
    pub(crate) fn apply(&mut self, setting: Setting) {
        match setting {
            Setting::ArgumentSeparator(separator) => self.argument_separator = separator,
            Setting::ArgumentsLimit(limit) => self.arguments = limit,
            Setting::AuditEngine(switch) => self.audit_engine = switch,
            Setting::AuditFormat(format) => self.audit_format = format,
            Setting::AuditParts(parts) => self.audit_parts = parts,
            Setting::AuditRelevantStatus(pattern) => self.audit_relevant_status = Some(pattern),
            Setting::CollectionTimeout(seconds) => self.collection_timeout = seconds,
            Setting::ComponentSignature(name) => self.component_signatures.push(name),
            Setting::RequestBodyAccess(is_on) => self.request_body_access = is_on,
            Setting::RequestBodyJsonDepthLimit(depth) => self.json_depth = depth,
            Setting::RequestBodyLimit(limit) => self.request_body_limit = limit,
            Setting::RequestBodyLimitAction(beyond) => self.request_body_beyond = beyond,
            Setting::RequestBodyNoFilesLimit(limit) => self.request_body_no_files_limit = limit,
            Setting::ResponseBodyAccess(is_on) => self.response_body_access = is_on,
            Setting::ResponseBodyLimit(limit) => self.response_body_limit = limit,
            Setting::ResponseBodyLimitAction(beyond) => self.response_body_beyond = beyond,
            Setting::ResponseBodyMimeType(types) => self.response_mime_types = types,
            Setting::ResponseBodyMimeTypesClear => self.response_mime_types.clear(),
            Setting::RuleEngine(switch) => self.engine = switch,
            Setting::SensorId(name) => self.sensor_id = name,
            Setting::UnicodeMapFile(path, page) => self.unicode_map = Some((path, page)),
            Setting::UploadFileLimit(limit) => self.files = limit,
            Setting::WebAppId(name) => self.web_app_id = name,
        }
    }
}
