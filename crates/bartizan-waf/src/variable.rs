//! The variables that rules name: one row each.

/// Whether a variable has one value or many with keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Values with keys.
    Collection,
    /// One value.
    Scalar,
}

/// Whether rules change a variable while a phase runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stability {
    /// It may differ from rule to rule, so nothing about it is remembered.
    Changing,
    /// It stays as it was when the phase began.
    Fixed,
}

/// Something of a transaction that rules can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Variable {
    /// `ARGS`.
    Args,
    /// `ARGS_COMBINED_SIZE`.
    ArgsCombinedSize,
    /// `ARGS_GET`.
    ArgsGet,
    /// `ARGS_GET_NAMES`.
    ArgsGetNames,
    /// `ARGS_NAMES`.
    ArgsNames,
    /// `ARGS_POST`.
    ArgsPost,
    /// `ARGS_POST_NAMES`.
    ArgsPostNames,
    /// `AUTH_TYPE`.
    AuthType,
    /// `DURATION`.
    Duration,
    /// `ENV`.
    Env,
    /// `FILES`.
    Files,
    /// `FILES_COMBINED_SIZE`.
    FilesCombinedSize,
    /// `FILES_NAMES`.
    FilesNames,
    /// `FILES_SIZES`.
    FilesSizes,
    /// `FILES_TMP_CONTENT`.
    FilesTmpContent,
    /// `FULL_REQUEST`.
    FullRequest,
    /// `FULL_REQUEST_LENGTH`.
    FullRequestLength,
    /// `GLOBAL`.
    Global,
    /// `HIGHEST_SEVERITY`.
    HighestSeverity,
    /// `INBOUND_DATA_ERROR`.
    InboundDataError,
    /// `IP`.
    Ip,
    /// `MATCHED_VAR`.
    MatchedVar,
    /// `MATCHED_VARS`.
    MatchedVars,
    /// `MATCHED_VARS_NAMES`.
    MatchedVarsNames,
    /// `MATCHED_VAR_NAME`.
    MatchedVarName,
    /// `MODSEC_BUILD`.
    ModsecBuild,
    /// `MSC_PCRE_LIMITS_EXCEEDED`.
    MscPcreLimitsExceeded,
    /// `MULTIPART_BOUNDARY_QUOTED`.
    MultipartBoundaryQuoted,
    /// `MULTIPART_BOUNDARY_WHITESPACE`.
    MultipartBoundaryWhitespace,
    /// `MULTIPART_CRLF_LF_LINES`.
    MultipartCrlfLfLines,
    /// `MULTIPART_DATA_AFTER`.
    MultipartDataAfter,
    /// `MULTIPART_DATA_BEFORE`.
    MultipartDataBefore,
    /// `MULTIPART_FILENAME`.
    MultipartFilename,
    /// `MULTIPART_FILE_LIMIT_EXCEEDED`.
    MultipartFileLimitExceeded,
    /// `MULTIPART_HEADER_FOLDING`.
    MultipartHeaderFolding,
    /// `MULTIPART_INVALID_HEADER_FOLDING`.
    MultipartInvalidHeaderFolding,
    /// `MULTIPART_INVALID_PART`.
    MultipartInvalidPart,
    /// `MULTIPART_INVALID_QUOTING`.
    MultipartInvalidQuoting,
    /// `MULTIPART_LF_LINE`.
    MultipartLfLine,
    /// `MULTIPART_MISSING_SEMICOLON`.
    MultipartMissingSemicolon,
    /// `MULTIPART_NAME`.
    MultipartName,
    /// `MULTIPART_PART_HEADERS`.
    MultipartPartHeaders,
    /// `MULTIPART_STRICT_ERROR`.
    MultipartStrictError,
    /// `MULTIPART_UNMATCHED_BOUNDARY`.
    MultipartUnmatchedBoundary,
    /// `OUTBOUND_DATA_ERROR`.
    OutboundDataError,
    /// `PATH_INFO`.
    PathInfo,
    /// `QUERY_STRING`.
    QueryString,
    /// `REMOTE_ADDR`.
    RemoteAddr,
    /// `REMOTE_HOST`.
    RemoteHost,
    /// `REMOTE_PORT`.
    RemotePort,
    /// `REMOTE_USER`.
    RemoteUser,
    /// `REQBODY_ERROR`.
    ReqbodyError,
    /// `REQBODY_ERROR_MSG`.
    ReqbodyErrorMsg,
    /// `REQBODY_PROCESSOR`.
    ReqbodyProcessor,
    /// `REQBODY_PROCESSOR_ERROR`.
    ReqbodyProcessorError,
    /// `REQBODY_PROCESSOR_ERROR_MSG`.
    ReqbodyProcessorErrorMsg,
    /// `REQUEST_BASENAME`.
    RequestBasename,
    /// `REQUEST_BODY`.
    RequestBody,
    /// `REQUEST_BODY_LENGTH`.
    RequestBodyLength,
    /// `REQUEST_COOKIES`.
    RequestCookies,
    /// `REQUEST_COOKIES_NAMES`.
    RequestCookiesNames,
    /// `REQUEST_FILENAME`.
    RequestFilename,
    /// `REQUEST_HEADERS`.
    RequestHeaders,
    /// `REQUEST_HEADERS_NAMES`.
    RequestHeadersNames,
    /// `REQUEST_LINE`.
    RequestLine,
    /// `REQUEST_METHOD`.
    RequestMethod,
    /// `REQUEST_PROTOCOL`.
    RequestProtocol,
    /// `REQUEST_URI`.
    RequestUri,
    /// `REQUEST_URI_RAW`.
    RequestUriRaw,
    /// `RESOURCE`.
    Resource,
    /// `RESPONSE_BODY`.
    ResponseBody,
    /// `RESPONSE_CONTENT_LENGTH`.
    ResponseContentLength,
    /// `RESPONSE_CONTENT_TYPE`.
    ResponseContentType,
    /// `RESPONSE_HEADERS`.
    ResponseHeaders,
    /// `RESPONSE_HEADERS_NAMES`.
    ResponseHeadersNames,
    /// `RESPONSE_PROTOCOL`.
    ResponseProtocol,
    /// `RESPONSE_STATUS`.
    ResponseStatus,
    /// `RULE`.
    Rule,
    /// `SERVER_ADDR`.
    ServerAddr,
    /// `SERVER_NAME`.
    ServerName,
    /// `SERVER_PORT`.
    ServerPort,
    /// `SESSION`.
    Session,
    /// `SESSIONID`.
    SessionId,
    /// `STATUS_LINE`.
    StatusLine,
    /// `TIME`.
    Time,
    /// `TIME_DAY`.
    TimeDay,
    /// `TIME_EPOCH`.
    TimeEpoch,
    /// `TIME_HOUR`.
    TimeHour,
    /// `TIME_MIN`.
    TimeMin,
    /// `TIME_MON`.
    TimeMon,
    /// `TIME_SEC`.
    TimeSec,
    /// `TIME_WDAY`.
    TimeWday,
    /// `TIME_YEAR`.
    TimeYear,
    /// `TX`.
    Tx,
    /// `UNIQUE_ID`.
    UniqueId,
    /// `URLENCODED_ERROR`.
    UrlencodedError,
    /// `USER`.
    User,
    /// `USERID`.
    UserId,
    /// `WEBAPPID`.
    WebAppId,
    /// `XML`.
    Xml,
}

/// What is known of a variable.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name in rules.
    pub name: &'static str,
    /// The variable.
    pub variable: Variable,
    /// One value or many.
    pub shape: Shape,
    /// Whether rules change it.
    pub stability: Stability,
}

impl Variable {
    /// Finds a variable by its name, in any case.
    pub fn find(name: &str) -> Option<Self> {
        let row = VARIABLES.iter().find(|row| row.name.eq_ignore_ascii_case(name))?;
        Some(row.variable)
    }

    /// Returns the variable's row.
    pub fn row(self) -> &'static Row {
        &VARIABLES[self as usize]
    }

    /// Returns the name in rules.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether one target of it is one value.
    pub fn is_scalar(self) -> bool {
        self.row().shape == Shape::Scalar
    }

    /// Whether rules of a phase change it.
    pub fn is_changing(self) -> bool {
        self.row().stability == Stability::Changing
    }
}

/// Variables of ModSecurity that are refused, with the reason.
pub const REFUSED: &[(&str, &str)] = &[
    ("FILES_TMPNAMES", "uploads are never written to files"),
    ("GEO", "there is no database of places"),
    ("WEBSERVER_ERROR_LOG", "there is no error log of a web server"),
];

const fn row(name: &'static str, variable: Variable, shape: Shape, stability: Stability) -> Row {
    Row { name, variable, shape, stability }
}

/// Every variable, in the order of the enumeration.
pub const VARIABLES: &[Row] = &[
    row("ARGS", Variable::Args, Shape::Collection, Stability::Fixed),
    row("ARGS_COMBINED_SIZE", Variable::ArgsCombinedSize, Shape::Scalar, Stability::Fixed),
    row("ARGS_GET", Variable::ArgsGet, Shape::Collection, Stability::Fixed),
    row("ARGS_GET_NAMES", Variable::ArgsGetNames, Shape::Collection, Stability::Fixed),
    row("ARGS_NAMES", Variable::ArgsNames, Shape::Collection, Stability::Fixed),
    row("ARGS_POST", Variable::ArgsPost, Shape::Collection, Stability::Fixed),
    row("ARGS_POST_NAMES", Variable::ArgsPostNames, Shape::Collection, Stability::Fixed),
    row("AUTH_TYPE", Variable::AuthType, Shape::Scalar, Stability::Fixed),
    row("DURATION", Variable::Duration, Shape::Scalar, Stability::Changing),
    row("ENV", Variable::Env, Shape::Collection, Stability::Changing),
    row("FILES", Variable::Files, Shape::Collection, Stability::Fixed),
    row("FILES_COMBINED_SIZE", Variable::FilesCombinedSize, Shape::Scalar, Stability::Fixed),
    row("FILES_NAMES", Variable::FilesNames, Shape::Collection, Stability::Fixed),
    row("FILES_SIZES", Variable::FilesSizes, Shape::Collection, Stability::Fixed),
    row("FILES_TMP_CONTENT", Variable::FilesTmpContent, Shape::Collection, Stability::Fixed),
    row("FULL_REQUEST", Variable::FullRequest, Shape::Scalar, Stability::Fixed),
    row("FULL_REQUEST_LENGTH", Variable::FullRequestLength, Shape::Scalar, Stability::Fixed),
    row("GLOBAL", Variable::Global, Shape::Collection, Stability::Changing),
    row("HIGHEST_SEVERITY", Variable::HighestSeverity, Shape::Scalar, Stability::Changing),
    row("INBOUND_DATA_ERROR", Variable::InboundDataError, Shape::Scalar, Stability::Fixed),
    row("IP", Variable::Ip, Shape::Collection, Stability::Changing),
    row("MATCHED_VAR", Variable::MatchedVar, Shape::Scalar, Stability::Changing),
    row("MATCHED_VARS", Variable::MatchedVars, Shape::Collection, Stability::Changing),
    row("MATCHED_VARS_NAMES", Variable::MatchedVarsNames, Shape::Collection, Stability::Changing),
    row("MATCHED_VAR_NAME", Variable::MatchedVarName, Shape::Scalar, Stability::Changing),
    row("MODSEC_BUILD", Variable::ModsecBuild, Shape::Scalar, Stability::Fixed),
    row("MSC_PCRE_LIMITS_EXCEEDED", Variable::MscPcreLimitsExceeded, Shape::Scalar, Stability::Changing),
    row("MULTIPART_BOUNDARY_QUOTED", Variable::MultipartBoundaryQuoted, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_BOUNDARY_WHITESPACE", Variable::MultipartBoundaryWhitespace, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_CRLF_LF_LINES", Variable::MultipartCrlfLfLines, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_DATA_AFTER", Variable::MultipartDataAfter, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_DATA_BEFORE", Variable::MultipartDataBefore, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_FILENAME", Variable::MultipartFilename, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_FILE_LIMIT_EXCEEDED", Variable::MultipartFileLimitExceeded, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_HEADER_FOLDING", Variable::MultipartHeaderFolding, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_INVALID_HEADER_FOLDING", Variable::MultipartInvalidHeaderFolding, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_INVALID_PART", Variable::MultipartInvalidPart, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_INVALID_QUOTING", Variable::MultipartInvalidQuoting, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_LF_LINE", Variable::MultipartLfLine, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_MISSING_SEMICOLON", Variable::MultipartMissingSemicolon, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_NAME", Variable::MultipartName, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_PART_HEADERS", Variable::MultipartPartHeaders, Shape::Collection, Stability::Fixed),
    row("MULTIPART_STRICT_ERROR", Variable::MultipartStrictError, Shape::Scalar, Stability::Fixed),
    row("MULTIPART_UNMATCHED_BOUNDARY", Variable::MultipartUnmatchedBoundary, Shape::Scalar, Stability::Fixed),
    row("OUTBOUND_DATA_ERROR", Variable::OutboundDataError, Shape::Scalar, Stability::Fixed),
    row("PATH_INFO", Variable::PathInfo, Shape::Scalar, Stability::Fixed),
    row("QUERY_STRING", Variable::QueryString, Shape::Scalar, Stability::Fixed),
    row("REMOTE_ADDR", Variable::RemoteAddr, Shape::Scalar, Stability::Fixed),
    row("REMOTE_HOST", Variable::RemoteHost, Shape::Scalar, Stability::Fixed),
    row("REMOTE_PORT", Variable::RemotePort, Shape::Scalar, Stability::Fixed),
    row("REMOTE_USER", Variable::RemoteUser, Shape::Scalar, Stability::Fixed),
    row("REQBODY_ERROR", Variable::ReqbodyError, Shape::Scalar, Stability::Fixed),
    row("REQBODY_ERROR_MSG", Variable::ReqbodyErrorMsg, Shape::Scalar, Stability::Fixed),
    row("REQBODY_PROCESSOR", Variable::ReqbodyProcessor, Shape::Scalar, Stability::Changing),
    row("REQBODY_PROCESSOR_ERROR", Variable::ReqbodyProcessorError, Shape::Scalar, Stability::Fixed),
    row("REQBODY_PROCESSOR_ERROR_MSG", Variable::ReqbodyProcessorErrorMsg, Shape::Scalar, Stability::Fixed),
    row("REQUEST_BASENAME", Variable::RequestBasename, Shape::Scalar, Stability::Fixed),
    row("REQUEST_BODY", Variable::RequestBody, Shape::Scalar, Stability::Fixed),
    row("REQUEST_BODY_LENGTH", Variable::RequestBodyLength, Shape::Scalar, Stability::Fixed),
    row("REQUEST_COOKIES", Variable::RequestCookies, Shape::Collection, Stability::Fixed),
    row("REQUEST_COOKIES_NAMES", Variable::RequestCookiesNames, Shape::Collection, Stability::Fixed),
    row("REQUEST_FILENAME", Variable::RequestFilename, Shape::Scalar, Stability::Fixed),
    row("REQUEST_HEADERS", Variable::RequestHeaders, Shape::Collection, Stability::Fixed),
    row("REQUEST_HEADERS_NAMES", Variable::RequestHeadersNames, Shape::Collection, Stability::Fixed),
    row("REQUEST_LINE", Variable::RequestLine, Shape::Scalar, Stability::Fixed),
    row("REQUEST_METHOD", Variable::RequestMethod, Shape::Scalar, Stability::Fixed),
    row("REQUEST_PROTOCOL", Variable::RequestProtocol, Shape::Scalar, Stability::Fixed),
    row("REQUEST_URI", Variable::RequestUri, Shape::Scalar, Stability::Fixed),
    row("REQUEST_URI_RAW", Variable::RequestUriRaw, Shape::Scalar, Stability::Fixed),
    row("RESOURCE", Variable::Resource, Shape::Collection, Stability::Changing),
    row("RESPONSE_BODY", Variable::ResponseBody, Shape::Scalar, Stability::Fixed),
    row("RESPONSE_CONTENT_LENGTH", Variable::ResponseContentLength, Shape::Scalar, Stability::Fixed),
    row("RESPONSE_CONTENT_TYPE", Variable::ResponseContentType, Shape::Scalar, Stability::Fixed),
    row("RESPONSE_HEADERS", Variable::ResponseHeaders, Shape::Collection, Stability::Fixed),
    row("RESPONSE_HEADERS_NAMES", Variable::ResponseHeadersNames, Shape::Collection, Stability::Fixed),
    row("RESPONSE_PROTOCOL", Variable::ResponseProtocol, Shape::Scalar, Stability::Fixed),
    row("RESPONSE_STATUS", Variable::ResponseStatus, Shape::Scalar, Stability::Fixed),
    row("RULE", Variable::Rule, Shape::Collection, Stability::Changing),
    row("SERVER_ADDR", Variable::ServerAddr, Shape::Scalar, Stability::Fixed),
    row("SERVER_NAME", Variable::ServerName, Shape::Scalar, Stability::Fixed),
    row("SERVER_PORT", Variable::ServerPort, Shape::Scalar, Stability::Fixed),
    row("SESSION", Variable::Session, Shape::Collection, Stability::Changing),
    row("SESSIONID", Variable::SessionId, Shape::Scalar, Stability::Changing),
    row("STATUS_LINE", Variable::StatusLine, Shape::Scalar, Stability::Fixed),
    row("TIME", Variable::Time, Shape::Scalar, Stability::Changing),
    row("TIME_DAY", Variable::TimeDay, Shape::Scalar, Stability::Changing),
    row("TIME_EPOCH", Variable::TimeEpoch, Shape::Scalar, Stability::Changing),
    row("TIME_HOUR", Variable::TimeHour, Shape::Scalar, Stability::Changing),
    row("TIME_MIN", Variable::TimeMin, Shape::Scalar, Stability::Changing),
    row("TIME_MON", Variable::TimeMon, Shape::Scalar, Stability::Changing),
    row("TIME_SEC", Variable::TimeSec, Shape::Scalar, Stability::Changing),
    row("TIME_WDAY", Variable::TimeWday, Shape::Scalar, Stability::Changing),
    row("TIME_YEAR", Variable::TimeYear, Shape::Scalar, Stability::Changing),
    row("TX", Variable::Tx, Shape::Collection, Stability::Changing),
    row("UNIQUE_ID", Variable::UniqueId, Shape::Scalar, Stability::Fixed),
    row("URLENCODED_ERROR", Variable::UrlencodedError, Shape::Scalar, Stability::Fixed),
    row("USER", Variable::User, Shape::Collection, Stability::Changing),
    row("USERID", Variable::UserId, Shape::Scalar, Stability::Changing),
    row("WEBAPPID", Variable::WebAppId, Shape::Scalar, Stability::Fixed),
    row("XML", Variable::Xml, Shape::Collection, Stability::Fixed),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_enumeration() {
        for (index, row) in VARIABLES.iter().enumerate() {
            assert_eq!(row.variable as usize, index, "{}", row.name);
            assert_eq!(Variable::find(&row.name.to_lowercase()), Some(row.variable));
        }
        assert_eq!(Variable::find("ARG"), None);
    }
}
