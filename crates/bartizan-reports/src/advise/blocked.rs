//! What a report says was blocked: an address, or one of the words that stand for none (CSP3, 5.3 and 5.4).

use bartizan_headers::csp::DirectiveName;
use url::Url;

use super::Observed;

/// What was blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Blocked {
    /// An address; of one that led elsewhere some browsers tell the origin alone.
    Address { url: Url, has_path: bool },
    /// A string that was to become code.
    Eval,
    /// A script or style within the page.
    Inline,
    /// A typed value, or a plain one where typed ones are asked for.
    Typed,
    /// It is not told.
    Untold,
    /// WebAssembly.
    Wasm,
}

impl Blocked {
    pub(super) fn of(observed: &Observed) -> Self {
        let target = observed.group.subject.target.as_ref();
        match target {
            "eval" => return Self::Eval,
            "inline" => return Self::Inline,
            "trusted-types-policy" | "trusted-types-sink" => return Self::Typed,
            "wasm-eval" => return Self::Wasm,
            _ => {}
        }
        // Of addresses without a host only the scheme is told, with or without its colon.
        if let Some(scheme) = BARE.iter().find(|scheme| target.trim_end_matches(':').eq_ignore_ascii_case(scheme)) {
            let url = Url::parse(&format!("{scheme}:x"));
            return url.map_or(Self::Untold, |url| Self::Address { url, has_path: false });
        }
        match Url::parse(target) {
            Ok(url) => {
                let has_path = target.split_once("://").is_none_or(|(_, rest)| rest.contains('/'));
                Self::Address { url, has_path }
            }
            Err(_) => Self::Untold,
        }
    }
}

/// Returns the directives that may be meant: browsers before level 3 named the one that was written.
pub(super) fn directives(observed: &Observed, blocked: &Blocked) -> Vec<DirectiveName> {
    use DirectiveName as Name;
    let is_inline = *blocked == Blocked::Inline;
    let name = if observed.is_violation() { Name::of(&observed.group.subject.what) } else { Name::ScriptSrcElem };
    match (name, blocked) {
        (Name::ScriptSrc | Name::DefaultSrc, Blocked::Eval | Blocked::Wasm) => vec![Name::ScriptSrc],
        (Name::ScriptSrc, _) if is_inline => vec![Name::ScriptSrcElem, Name::ScriptSrcAttr],
        (Name::StyleSrc, _) if is_inline => vec![Name::StyleSrcElem, Name::StyleSrcAttr],
        (Name::ScriptSrc, _) => vec![Name::ScriptSrcElem],
        (Name::StyleSrc, _) => vec![Name::StyleSrcElem],
        (Name::ChildSrc, _) => vec![Name::FrameSrc, Name::WorkerSrc],
        (Name::DefaultSrc, _) if is_inline => {
            vec![Name::ScriptSrcElem, Name::ScriptSrcAttr, Name::StyleSrcElem, Name::StyleSrcAttr]
        }
        (Name::DefaultSrc, _) => LOADS.to_vec(),
        (Name::Other(_), _) => Vec::new(),
        (name, _) => vec![name],
    }
}

/// Schemes that stand alone in reports.
const BARE: &[&str] = &["about", "blob", "data", "filesystem", "mediastream"];

/// Whatever can be loaded from an address under `default-src`.
const LOADS: &[DirectiveName] = &[
    DirectiveName::ConnectSrc,
    DirectiveName::FontSrc,
    DirectiveName::FrameSrc,
    DirectiveName::ImgSrc,
    DirectiveName::ManifestSrc,
    DirectiveName::MediaSrc,
    DirectiveName::ObjectSrc,
    DirectiveName::ScriptSrcElem,
    DirectiveName::StyleSrcElem,
    DirectiveName::WorkerSrc,
];
