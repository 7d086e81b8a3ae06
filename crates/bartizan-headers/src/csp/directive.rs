//! The names of directives, what kind of value each takes, and which one speaks for an unsaid one.

use std::fmt;

/// A directive's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DirectiveName {
    /// `base-uri`: what `<base>` may say.
    BaseUri,
    /// `block-all-mixed-content`, obsolete.
    BlockAllMixedContent,
    /// `child-src`: frames and workers.
    ChildSrc,
    /// `connect-src`: what scripts may fetch.
    ConnectSrc,
    /// `default-src`: what most others fall back to.
    DefaultSrc,
    /// `fenced-frame-src`: fenced frames.
    FencedFrameSrc,
    /// `font-src`: fonts.
    FontSrc,
    /// `form-action`: where forms may be sent.
    FormAction,
    /// `frame-ancestors`: who may show the page in a frame.
    FrameAncestors,
    /// `frame-src`: frames.
    FrameSrc,
    /// `img-src`: images.
    ImgSrc,
    /// `manifest-src`: application manifests.
    ManifestSrc,
    /// `media-src`: sound and video.
    MediaSrc,
    /// `object-src`: plug-in content.
    ObjectSrc,
    /// `prefetch-src`, obsolete.
    PrefetchSrc,
    /// `report-to`: the reporting endpoint.
    ReportTo,
    /// `report-uri`: the address for reports of old browsers.
    ReportUri,
    /// `require-trusted-types-for`: which sinks take typed values only.
    RequireTrustedTypesFor,
    /// `sandbox`: the page is treated as one in a sandboxed frame.
    Sandbox,
    /// `script-src`: scripts.
    ScriptSrc,
    /// `script-src-attr`: event handlers in attributes.
    ScriptSrcAttr,
    /// `script-src-elem`: script elements.
    ScriptSrcElem,
    /// `style-src`: styles.
    StyleSrc,
    /// `style-src-attr`: style attributes.
    StyleSrcAttr,
    /// `style-src-elem`: style elements and sheets.
    StyleSrcElem,
    /// `trusted-types`: which policies may make typed values.
    TrustedTypes,
    /// `upgrade-insecure-requests`: plain HTTP becomes HTTPS.
    UpgradeInsecureRequests,
    /// `worker-src`: workers.
    WorkerSrc,
    /// A name that is not known, in lower case.
    Other(Box<str>),
}

/// What kind of value a directive takes, and how two of them compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No value; being there is the stricter.
    Flag,
    /// Words that each take something away.
    Demands,
    /// Words that each allow something.
    Grants,
    /// Where reports go, or a name that is not known: neither is stricter.
    Other,
    /// A list of sources.
    Sources,
}

impl DirectiveName {
    /// Returns the directive of a name, whatever its case.
    pub fn of(name: &str) -> Self {
        KNOWN
            .iter()
            .find_map(|(text, known)| name.eq_ignore_ascii_case(text).then(|| known.clone()))
            .unwrap_or_else(|| Self::Other(name.to_ascii_lowercase().into()))
    }

    /// Returns the directive that speaks for what is loaded, by a word for it: Fetch's destinations and initiators, and
    /// the usual short ones. `frame` and `iframe` are the same.
    pub fn of_destination(word: &str) -> Option<Self> {
        DESTINATIONS.iter().find_map(|(text, name)| word.eq_ignore_ascii_case(text).then(|| name.clone()))
    }

    /// Returns the name as it is written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => KNOWN.iter().find_map(|(text, name)| (name == known).then_some(*text)).unwrap_or_default(),
        }
    }

    /// Returns what kind of value it takes.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::BlockAllMixedContent | Self::UpgradeInsecureRequests => Kind::Flag,
            Self::RequireTrustedTypesFor => Kind::Demands,
            Self::Sandbox | Self::TrustedTypes => Kind::Grants,
            Self::Other(_) | Self::ReportTo | Self::ReportUri => Kind::Other,
            _ => Kind::Sources,
        }
    }

    /// Whether browsers no longer act on it.
    pub const fn is_obsolete(&self) -> bool {
        matches!(self, Self::BlockAllMixedContent | Self::PrefetchSrc)
    }

    /// The directives that fall back to others, each after those it falls back to.
    pub(super) const THAT_FALL_BACK: &'static [Self] = &[
        Self::ChildSrc,
        Self::ConnectSrc,
        Self::FontSrc,
        Self::ImgSrc,
        Self::ManifestSrc,
        Self::MediaSrc,
        Self::ObjectSrc,
        Self::PrefetchSrc,
        Self::ScriptSrc,
        Self::StyleSrc,
        Self::FrameSrc,
        Self::FencedFrameSrc,
        Self::ScriptSrcAttr,
        Self::ScriptSrcElem,
        Self::StyleSrcAttr,
        Self::StyleSrcElem,
        Self::WorkerSrc,
    ];

    /// Returns the directives that speak for this one when it is unsaid, nearest first (CSP3, 6.8.3).
    ///
    /// `base-uri`, `form-action`, `frame-ancestors` and `sandbox` never fall back.
    pub const fn fallbacks(&self) -> &'static [Self] {
        use DirectiveName::{ChildSrc, DefaultSrc, FrameSrc, ScriptSrc, StyleSrc};
        match self {
            Self::ScriptSrcAttr | Self::ScriptSrcElem => &[ScriptSrc, DefaultSrc],
            Self::StyleSrcAttr | Self::StyleSrcElem => &[StyleSrc, DefaultSrc],
            Self::WorkerSrc => &[ChildSrc, ScriptSrc, DefaultSrc],
            Self::FencedFrameSrc => &[FrameSrc, ChildSrc, DefaultSrc],
            Self::FrameSrc => &[ChildSrc, DefaultSrc],
            Self::ChildSrc
            | Self::ConnectSrc
            | Self::FontSrc
            | Self::ImgSrc
            | Self::ManifestSrc
            | Self::MediaSrc
            | Self::ObjectSrc
            | Self::PrefetchSrc
            | Self::ScriptSrc
            | Self::StyleSrc => &[DefaultSrc],
            _ => &[],
        }
    }
}

impl fmt::Display for DirectiveName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const KNOWN: &[(&str, DirectiveName)] = &[
    ("base-uri", DirectiveName::BaseUri),
    ("block-all-mixed-content", DirectiveName::BlockAllMixedContent),
    ("child-src", DirectiveName::ChildSrc),
    ("connect-src", DirectiveName::ConnectSrc),
    ("default-src", DirectiveName::DefaultSrc),
    ("fenced-frame-src", DirectiveName::FencedFrameSrc),
    ("font-src", DirectiveName::FontSrc),
    ("form-action", DirectiveName::FormAction),
    ("frame-ancestors", DirectiveName::FrameAncestors),
    ("frame-src", DirectiveName::FrameSrc),
    ("img-src", DirectiveName::ImgSrc),
    ("manifest-src", DirectiveName::ManifestSrc),
    ("media-src", DirectiveName::MediaSrc),
    ("object-src", DirectiveName::ObjectSrc),
    ("prefetch-src", DirectiveName::PrefetchSrc),
    ("report-to", DirectiveName::ReportTo),
    ("report-uri", DirectiveName::ReportUri),
    ("require-trusted-types-for", DirectiveName::RequireTrustedTypesFor),
    ("sandbox", DirectiveName::Sandbox),
    ("script-src", DirectiveName::ScriptSrc),
    ("script-src-attr", DirectiveName::ScriptSrcAttr),
    ("script-src-elem", DirectiveName::ScriptSrcElem),
    ("style-src", DirectiveName::StyleSrc),
    ("style-src-attr", DirectiveName::StyleSrcAttr),
    ("style-src-elem", DirectiveName::StyleSrcElem),
    ("trusted-types", DirectiveName::TrustedTypes),
    ("upgrade-insecure-requests", DirectiveName::UpgradeInsecureRequests),
    ("worker-src", DirectiveName::WorkerSrc),
];

/// Fetch, 2.2.5, and CSP3, 6.8.1; the words that people use for them beside.
const DESTINATIONS: &[(&str, DirectiveName)] = &[
    ("audio", DirectiveName::MediaSrc),
    ("base", DirectiveName::BaseUri),
    ("beacon", DirectiveName::ConnectSrc),
    ("connect", DirectiveName::ConnectSrc),
    ("css", DirectiveName::StyleSrcElem),
    ("embed", DirectiveName::ObjectSrc),
    ("eventsource", DirectiveName::ConnectSrc),
    ("fencedframe", DirectiveName::FencedFrameSrc),
    ("fetch", DirectiveName::ConnectSrc),
    ("font", DirectiveName::FontSrc),
    ("form", DirectiveName::FormAction),
    ("frame", DirectiveName::FrameSrc),
    ("frame-ancestor", DirectiveName::FrameAncestors),
    ("iframe", DirectiveName::FrameSrc),
    ("image", DirectiveName::ImgSrc),
    ("img", DirectiveName::ImgSrc),
    ("manifest", DirectiveName::ManifestSrc),
    ("media", DirectiveName::MediaSrc),
    ("object", DirectiveName::ObjectSrc),
    ("ping", DirectiveName::ConnectSrc),
    ("prefetch", DirectiveName::DefaultSrc),
    ("script", DirectiveName::ScriptSrcElem),
    ("serviceworker", DirectiveName::WorkerSrc),
    ("sharedworker", DirectiveName::WorkerSrc),
    ("style", DirectiveName::StyleSrcElem),
    ("track", DirectiveName::MediaSrc),
    ("video", DirectiveName::MediaSrc),
    ("websocket", DirectiveName::ConnectSrc),
    ("worker", DirectiveName::WorkerSrc),
    ("xhr", DirectiveName::ConnectSrc),
    ("xslt", DirectiveName::ScriptSrcElem),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_name_is_itself() {
        for (text, name) in KNOWN {
            assert_eq!(DirectiveName::of(&text.to_ascii_uppercase()), *name);
            assert_eq!(name.as_str(), *text);
            assert_eq!(DirectiveName::THAT_FALL_BACK.contains(name), !name.fallbacks().is_empty());
        }
        assert_eq!(DirectiveName::of("X-Y"), DirectiveName::Other("x-y".into()));
    }

    #[test]
    fn documents_directives_never_fall_back() {
        for (name, falls_back) in [
            ("img-src", true),
            ("script-src-elem", true),
            ("base-uri", false),
            ("form-action", false),
            ("frame-ancestors", false),
            ("default-src", false),
            ("sandbox", false),
        ] {
            assert_eq!(!DirectiveName::of(name).fallbacks().is_empty(), falls_back, "{name}");
        }
    }
}
