//! What can be said of a policy, with the words that csp_evaluator has for it.

use serde::Serialize;

/// One thing said of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is said.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// The directive that it is said of.
    pub directive: String,
    /// The value of the directive, where it is one value's fault.
    pub value: Option<String>,
}

impl Finding {
    pub(super) fn of(kind: Kind, severity: Severity, directive: &str) -> Self {
        Self { kind, severity, directive: directive.to_owned(), value: None }
    }

    pub(super) fn at(kind: Kind, severity: Severity, directive: &str, value: &str) -> Self {
        Self { value: Some(value.to_owned()), ..Self::of(kind, severity, directive) }
    }
}

/// How grave it is, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// The policy does not hold.
    High,
    /// It is not written as it was meant.
    Syntax,
    /// It is weaker than it looks.
    Medium,
    /// It may not hold.
    HighMaybe,
    /// It could be a strict policy.
    StrictCsp,
    /// It may be weaker than it looks.
    MediumMaybe,
    /// Worth knowing.
    Info,
    /// Nothing to do.
    None,
}

impl Severity {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "HIGH",
            Self::Syntax => "SYNTAX",
            Self::Medium => "MEDIUM",
            Self::HighMaybe => "HIGH_MAYBE",
            Self::StrictCsp => "STRICT_CSP",
            Self::MediumMaybe => "MEDIUM_MAYBE",
            Self::Info => "INFO",
            Self::None => "NONE",
        }
    }
}

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// `'strict-dynamic'` stands alone for browsers that do not know it.
    AllowlistFallback,
    /// A directive that is no longer in the standard.
    DeprecatedDirective,
    /// Browsers pass over the value.
    Ignored,
    /// A quoted word that is none, or a word that lacks its quotes.
    InvalidKeyword,
    /// A value that is no address; csp_evaluator stops there.
    InvalidSource,
    /// A numeric address.
    IpSource,
    /// A directive without which the policy does not hold.
    MissingDirectives,
    /// A directive's name among values.
    MissingSemicolon,
    /// A nonce with characters that no nonce has.
    NonceCharset,
    /// A nonce that can be guessed.
    NonceLength,
    /// Plug-in content may come from where it can be abused.
    ObjectAllowlistBypass,
    /// A scheme alone: every host.
    PlainUrlSchemes,
    /// A star alone: every host.
    PlainWildcard,
    /// Text becomes code without trusted types.
    #[serde(rename = "REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS")]
    RequireTrustedTypes,
    /// Scripts may come from a host that serves anybody's.
    ScriptAllowlistBypass,
    /// Text may become code.
    ScriptUnsafeEval,
    /// Event handlers with a hash may run.
    ScriptUnsafeHashes,
    /// Any inline script may run.
    ScriptUnsafeInline,
    /// A source in the clear.
    SrcHttp,
    /// Hosts are listed where `'strict-dynamic'` could be.
    StrictDynamic,
    /// `'strict-dynamic'` without anything that could start it.
    StrictDynamicNotStandalone,
    /// A directive that nobody knows.
    UnknownDirective,
    /// A nonce without `'unsafe-inline'` for browsers that know no nonces.
    UnsafeInlineFallback,
}

impl Kind {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        self.words().0
    }

    /// Returns what it means, in one line.
    pub const fn meaning(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::AllowlistFallback => (
                "ALLOWLIST_FALLBACK",
                "browsers without 'strict-dynamic' block every script; https: and http: would serve them",
            ),
            Self::DeprecatedDirective => {
                ("DEPRECATED_DIRECTIVE", "the directive has left the standard, and browsers pass over it")
            }
            Self::Ignored => ("IGNORED", "browsers of this level pass over it, because of what stands beside it"),
            Self::InvalidKeyword => {
                ("INVALID_KEYWORD", "it is no keyword, nonce or hash as written; these stand in single quotes")
            }
            Self::InvalidSource => ("INVALID_SOURCE", "it is no address, so it allows nothing"),
            Self::IpSource => {
                ("IP_SOURCE", "browsers match no numeric addresses but 127.0.0.1, which belongs to development")
            }
            Self::MissingDirectives => {
                ("MISSING_DIRECTIVES", "without this directive the policy does not hold injected scripts")
            }
            Self::MissingSemicolon => {
                ("MISSING_SEMICOLON", "a directive stands among values: the semicolon before it is missing")
            }
            Self::NonceCharset => ("NONCE_CHARSET", "a nonce is written in base64"),
            Self::NonceLength => ("NONCE_LENGTH", "a nonce below eight characters can be guessed"),
            Self::ObjectAllowlistBypass => {
                ("OBJECT_ALLOWLIST_BYPASS", "plug-in content needs no source but 'none' today")
            }
            Self::PlainUrlSchemes => {
                ("PLAIN_URL_SCHEMES", "every host may serve it, or the address itself may carry it")
            }
            Self::PlainWildcard => ("PLAIN_WILDCARD", "every host may serve it"),
            Self::RequireTrustedTypes => (
                "REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS",
                "require-trusted-types-for 'script' would keep text from becoming code in the page",
            ),
            Self::ScriptAllowlistBypass => (
                "SCRIPT_ALLOWLIST_BYPASS",
                "whoever can put a JSONP answer, AngularJS or a file there, runs scripts here",
            ),
            Self::ScriptUnsafeEval => ("SCRIPT_UNSAFE_EVAL", "text that reaches eval() and its like becomes code"),
            Self::ScriptUnsafeHashes => {
                ("SCRIPT_UNSAFE_HASHES", "event handlers with a listed hash run wherever they are injected")
            }
            Self::ScriptUnsafeInline => ("SCRIPT_UNSAFE_INLINE", "injected scripts and event handlers run"),
            Self::SrcHttp => ("SRC_HTTP", "it is fetched or sent in the clear"),
            Self::StrictDynamic => {
                ("STRICT_DYNAMIC", "lists of hosts can often be got around; nonces with 'strict-dynamic' need none")
            }
            Self::StrictDynamicNotStandalone => {
                ("STRICT_DYNAMIC_NOT_STANDALONE", "'strict-dynamic' without nonce or hash blocks every script")
            }
            Self::UnknownDirective => ("UNKNOWN_DIRECTIVE", "no browser knows the directive"),
            Self::UnsafeInlineFallback => (
                "UNSAFE_INLINE_FALLBACK",
                "browsers that know no nonces block every script; 'unsafe-inline' would serve them alone",
            ),
        }
    }
}
