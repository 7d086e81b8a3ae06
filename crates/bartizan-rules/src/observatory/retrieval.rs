//! What the Observatory would have fetched.

use url::Url;

/// Everything that is graded.
#[derive(Debug, Clone, Default)]
pub struct Retrieval {
    /// The host asked for, in lower case.
    pub host: String,
    /// The last answer of the session that began over plain HTTP.
    pub http: Option<Answer>,
    /// The last answer of the session that began over HTTPS.
    pub https: Option<Answer>,
    /// The addresses that the plain session asked, in order.
    pub http_route: Vec<Url>,
    /// The cookies that the session with the graded answer kept.
    pub cookies: Vec<JarCookie>,
    /// The header lines of the answer to the preflight, where it was a 2xx.
    pub preflight: Option<Vec<(String, String)>>,
    /// The markup of the graded answer, as the algorithm's reader of HTML sees it.
    pub markup: Markup,
}

impl Retrieval {
    /// Returns the answer that is graded: the secure session's where there is one.
    pub fn graded(&self) -> Option<&Answer> {
        self.https.as_ref().or(self.http.as_ref())
    }

    /// Whether the graded session began over HTTPS.
    pub const fn is_secure(&self) -> bool {
        self.https.is_some()
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Whether all certificates on the way were good.
    pub is_verified: bool,
    /// The lines, names in lower case, as they came; each byte of a value is one character.
    pub lines: Vec<(String, String)>,
}

impl Answer {
    /// Returns a field as Node would: the first line of those fields that may stand once, else all lines joined.
    pub fn field(&self, name: &str) -> Option<String> {
        joined(&self.lines, name)
    }

    /// Returns each Set-Cookie line; they are never joined.
    pub fn set_cookies(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str())
    }
}

/// Returns the value that Node gives for a name.
pub(super) fn joined(lines: &[(String, String)], name: &str) -> Option<String> {
    let mut values = lines.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if FIRST_WINS.contains(&name) {
        return values.next().map(str::to_owned);
    }
    let first = values.next()?.to_owned();
    Some(values.fold(first, |all, value| all + ", " + value))
}

/// Fields of which Node keeps the first line; every other one is joined with a comma.
const FIRST_WINS: &[&str] = &[
    "age",
    "authorization",
    "content-length",
    "content-type",
    "etag",
    "expires",
    "from",
    "host",
    "if-modified-since",
    "if-unmodified-since",
    "last-modified",
    "location",
    "max-forwards",
    "proxy-authorization",
    "referer",
    "retry-after",
    "server",
    "user-agent",
];

/// A cookie that the jar kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JarCookie {
    /// Its name.
    pub name: String,
    /// Whether it goes over HTTPS only.
    pub is_secure: bool,
    /// Whether scripts cannot read it.
    pub is_http_only: bool,
    /// What it says of requests from other sites; `None` where it says nothing that is understood.
    pub same_site: Option<SameSiteWord>,
}

/// A value of `SameSite`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSiteWord {
    /// With top-level navigation only.
    Lax,
    /// With every request.
    None,
    /// Never with requests from other sites.
    Strict,
}

/// What a reader of HTML found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markup {
    /// The content of each `<meta http-equiv=content-security-policy>`.
    pub policies: Vec<String>,
    /// The content of the last `<meta name=referrer>`.
    pub referrer: Option<String>,
    /// The scripts.
    pub scripts: Vec<Script>,
}

/// A `<script>`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// Its address, resolved or as written, as the algorithm has it; empty for none.
    pub src: String,
    /// Whether it has integrity that is not empty.
    pub has_integrity: bool,
}
