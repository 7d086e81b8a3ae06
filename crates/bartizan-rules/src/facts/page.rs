//! A page as a browser would take it apart: what it loads, what stands in it, where its forms go.

use url::Url;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its own address.
    pub url: Url,
    /// What it loads, in the order of the page.
    pub loads: Vec<Load>,
    /// The scripts and styles that stand in it.
    pub inline: Vec<Inline>,
    /// Its `<meta>` elements.
    pub metas: Vec<Meta>,
    /// Its forms.
    pub forms: Vec<Form>,
}

impl Page {
    /// Returns a page on which nothing was found yet.
    pub const fn new(url: Url) -> Self {
        Self { url, loads: Vec::new(), inline: Vec::new(), metas: Vec::new(), forms: Vec::new() }
    }

    /// Returns the contents of the `<meta>` elements that stand for a header, by its name in lower case.
    pub fn meta_headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Meta> {
        self.metas.iter().filter(move |meta| meta.is_header && meta.name == name)
    }
}

/// Something that a page loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// What for.
    pub kind: LoadKind,
    /// From where, with the page's base applied.
    pub url: Url,
    /// The `integrity` attribute, as written.
    pub integrity: Option<String>,
    /// The `crossorigin` attribute, as written; empty where it has no value.
    pub crossorigin: Option<String>,
    /// The `nonce` attribute.
    pub nonce: Option<String>,
}

/// What something is loaded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoadKind {
    /// A document in a frame.
    Frame,
    /// A picture.
    Image,
    /// A module that will be needed.
    ModulePreload,
    /// Sound or video.
    Media,
    /// Plug-in content.
    Object,
    /// Something else that `<link>` loads: an icon, a manifest, a font.
    Other,
    /// A script.
    Script,
    /// A style sheet.
    Stylesheet,
}

impl LoadKind {
    /// Whether what is loaded can change the page.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Frame | Self::ModulePreload | Self::Object | Self::Script | Self::Stylesheet)
    }

    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Image => "image",
            Self::ModulePreload => "module",
            Self::Media => "media",
            Self::Object => "object",
            Self::Other => "link",
            Self::Script => "script",
            Self::Stylesheet => "stylesheet",
        }
    }
}

/// A script or style that stands in the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inline {
    /// What it is.
    pub kind: InlineKind,
    /// The `nonce` attribute.
    pub nonce: Option<String>,
    /// The text.
    pub text: String,
}

/// What stands in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InlineKind {
    /// An attribute such as `onclick`.
    Handler,
    /// Where modules are found.
    ImportMap,
    /// A script.
    Script,
    /// A style sheet.
    Style,
    /// A `style` attribute.
    StyleAttribute,
}

/// A `<meta>` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The name in lower case; `charset` where that is its attribute.
    pub name: String,
    /// The content.
    pub content: String,
    /// Whether it stands for a header (`http-equiv`).
    pub is_header: bool,
    /// Whether it stands in the head, where alone a policy counts.
    pub is_in_head: bool,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent.
    pub action: Url,
    /// Whether it asks for a password.
    pub has_password: bool,
}
