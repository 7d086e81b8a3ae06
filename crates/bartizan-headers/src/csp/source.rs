//! Source expressions (CSP3, 2.3.1): where something may come from.

use std::fmt;

/// One source expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// Content with this digest, such as `'sha256-…'`.
    Hash(HashAlgorithm, String),
    /// A host, perhaps with scheme, port and path.
    Host(HostSource),
    /// A quoted word.
    Keyword(Keyword),
    /// `'none'`; has no effect beside another source.
    None,
    /// Elements that carry this nonce.
    Nonce(String),
    /// Every address with this scheme, in lower case and without colon.
    Scheme(String),
    /// The page's own origin.
    SelfOrigin,
    /// A word that is no source expression; it allows nothing.
    Unknown(String),
}

/// A quoted word in a source list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// Speculation rules may stand in the page.
    InlineSpeculationRules,
    /// Reports carry the start of what was blocked.
    ReportSample,
    /// What an allowed script loads is allowed, and hosts no longer are.
    StrictDynamic,
    /// Strings may become code where trusted types are enforced.
    TrustedTypesEval,
    /// Strings may become code.
    UnsafeEval,
    /// Hashes speak for event handlers and style attributes, too.
    UnsafeHashes,
    /// Scripts and styles may stand in the page.
    UnsafeInline,
    /// WebAssembly may be compiled.
    WasmUnsafeEval,
}

/// The digest of a hash source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A host source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostSource {
    /// The scheme in lower case; the page's own when unsaid.
    pub scheme: Option<String>,
    /// The host.
    pub host: SourceHost,
    /// The port; the scheme's own when unsaid.
    pub port: Option<Port>,
    /// The path; a slash at its end means all below it.
    pub path: Option<String>,
}

/// The host of a host source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SourceHost {
    /// `*`.
    Any,
    /// `*.` and this name, in lower case: every name below it.
    Below(String),
    /// This name, in lower case.
    Exact(String),
}

/// The port of a host source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Port {
    /// `*`.
    Any,
    /// One port.
    Number(u16),
}

impl Source {
    /// Whether it allows by address, and not by content, nonce or keyword.
    pub const fn is_address(&self) -> bool {
        matches!(self, Self::Host(_) | Self::Scheme(_) | Self::SelfOrigin)
    }

    /// Whether it is `*`: every address of a network scheme.
    pub fn is_star(&self) -> bool {
        matches!(self, Self::Host(HostSource { scheme: None, host: SourceHost::Any, port: None, path: None }))
    }
}

impl Keyword {
    /// Returns the word without its quotes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InlineSpeculationRules => "inline-speculation-rules",
            Self::ReportSample => "report-sample",
            Self::StrictDynamic => "strict-dynamic",
            Self::TrustedTypesEval => "trusted-types-eval",
            Self::UnsafeEval => "unsafe-eval",
            Self::UnsafeHashes => "unsafe-hashes",
            Self::UnsafeInline => "unsafe-inline",
            Self::WasmUnsafeEval => "wasm-unsafe-eval",
        }
    }

    /// All keywords.
    pub const ALL: [Self; 8] = [
        Self::InlineSpeculationRules,
        Self::ReportSample,
        Self::StrictDynamic,
        Self::TrustedTypesEval,
        Self::UnsafeEval,
        Self::UnsafeHashes,
        Self::UnsafeInline,
        Self::WasmUnsafeEval,
    ];
}

impl HashAlgorithm {
    /// Returns the name as it stands before the dash.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// All algorithms.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash(algorithm, digest) => write!(f, "'{}-{digest}'", algorithm.as_str()),
            Self::Host(host) => host.fmt(f),
            Self::Keyword(keyword) => write!(f, "'{}'", keyword.as_str()),
            Self::None => f.write_str("'none'"),
            Self::Nonce(nonce) => write!(f, "'nonce-{nonce}'"),
            Self::Scheme(scheme) => write!(f, "{scheme}:"),
            Self::SelfOrigin => f.write_str("'self'"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for HostSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = &self.scheme {
            write!(f, "{scheme}://")?;
        }
        match &self.host {
            SourceHost::Any => f.write_str("*")?,
            SourceHost::Below(name) => write!(f, "*.{name}")?,
            SourceHost::Exact(name) => f.write_str(name)?,
        }
        match self.port {
            Some(Port::Any) => f.write_str(":*")?,
            Some(Port::Number(port)) => write!(f, ":{port}")?,
            None => {}
        }
        f.write_str(self.path.as_deref().unwrap_or_default())
    }
}
