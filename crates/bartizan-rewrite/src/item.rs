//! What a page contains that a policy speaks about.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// One thing in a page that a policy must allow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// A feature of browsers that the page hands to a frame, and the frame's origin; `self` for the page's own.
    Delegates(Box<str>, Box<str>),
    /// An event handler in an attribute, such as `onclick`.
    Handler(Digest),
    /// A script in a page that another script asked for, and puts into a page of another nonce.
    InsertedScript(Digest),
    /// Something that an element loads from another origin, or from an address without one.
    Loads(Load, Box<str>),
    /// Another origin that a script or an attribute of the page names, whatever for.
    Names(Box<str>),
    /// A script in the page: its text, and its text without the values that vary.
    Script {
        /// Of the text.
        text: Digest,
        /// Of the text without values, if it has a form that can be told from its values.
        shape: Option<Digest>,
    },
    /// A script elsewhere, by its address without query and fragment.
    ScriptAt(Box<str>),
    /// A `javascript:` address; the digest is of the whole, decoded.
    ScriptUrl(Digest),
    /// A style sheet in the page.
    Style(Digest),
    /// A style sheet elsewhere, by its address without query and fragment.
    StyleAt(Box<str>),
    /// A `style` attribute.
    StyleAttribute(Digest),
}

impl Item {
    /// Whether it is code that runs, and not only what a page looks like.
    pub const fn is_script(&self) -> bool {
        match self {
            Self::Handler(_)
            | Self::InsertedScript(_)
            | Self::Script { .. }
            | Self::ScriptAt(_)
            | Self::ScriptUrl(_) => true,
            Self::Delegates(..)
            | Self::Loads(..)
            | Self::Names(_)
            | Self::Style(_)
            | Self::StyleAt(_)
            | Self::StyleAttribute(_) => false,
        }
    }

    /// Whether it is an element, and so can carry a nonce (HTML, 2.5.7).
    pub const fn takes_nonce(&self) -> bool {
        match self {
            Self::Script { .. } | Self::ScriptAt(_) | Self::Style(_) | Self::StyleAt(_) => true,
            Self::Delegates(..)
            | Self::Handler(_)
            | Self::InsertedScript(_)
            | Self::Loads(..)
            | Self::Names(_)
            | Self::ScriptUrl(_)
            | Self::StyleAttribute(_) => false,
        }
    }
}

/// By which directive something that an element loads is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Load {
    /// The address that others are relative to.
    Base,
    /// Where a form is sent.
    Form,
    /// A page within the page.
    Frame,
    /// A picture.
    Image,
    /// The description of an app.
    Manifest,
    /// Sound and film.
    Media,
    /// A plug-in.
    Object,
}

/// An item as it was met in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What it is.
    pub item: Item,
    /// What was done.
    pub verdict: Verdict,
}

/// What was done with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It carries the nonce.
    Blessed,
    /// It is allowed by its address, and nothing was changed.
    ByAddress,
    /// It carries the app's own nonce, and nothing was changed.
    OwnNonce,
    /// It cannot carry a nonce; only a hash in the policy allows it.
    NeedsHash,
    /// It is not known, and got no nonce.
    Withheld,
}
