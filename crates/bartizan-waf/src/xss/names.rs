//! Tags and attributes that run script or lead to it.

use std::sync::LazyLock;

/// What an attribute does with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    /// Loads an address.
    Address,
    /// Names another attribute, as animations of SVG do.
    Name,
    /// Runs script, whatever the value is.
    Script,
    /// Has nothing to do with script.
    Plain,
    /// Is a style, which old browsers let run script.
    Style,
}

/// Whether the tag runs script or loads what does.
pub(super) fn is_active_tag(name: &[u8]) -> bool {
    name.len() >= 3
        && (TAGS.iter().any(|tag| is_same(tag, name))
            || name
                .get(..3)
                .is_some_and(|start| start.eq_ignore_ascii_case(b"SVG") || start.eq_ignore_ascii_case(b"XSL")))
}

/// What the attribute does.
pub(super) fn attribute(name: &[u8]) -> Attribute {
    if name.len() < 2 {
        return Attribute::Plain;
    }
    if name.len() >= 5 {
        let event = name.get(..2).filter(|start| start.eq_ignore_ascii_case(b"ON")).and_then(|_| name.get(2..));
        if event.is_some_and(|event| EVENTS.iter().any(|known| begins(known, event))) {
            return Attribute::Script;
        }
        let start = name.get(..5).unwrap_or_default();
        if is_same("XMLNS", start) || is_same("XLINK", start) {
            return Attribute::Script;
        }
    }
    ATTRIBUTES.iter().find(|(known, _)| is_same(known, name)).map_or(Attribute::Plain, |&(_, attribute)| attribute)
}

/// Whether the text is the name, in any case and without zero bytes.
pub(super) fn is_same(name: &str, text: &[u8]) -> bool {
    text.iter().filter(|&&byte| byte != 0).map(u8::to_ascii_uppercase).eq(name.bytes())
}

/// Whether the text begins with the name. A zero byte hides as much of the rest.
fn begins(name: &str, text: &[u8]) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

static EVENTS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    include_str!("events.txt").lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

const TAGS: &[&str] = &[
    "APPLET", "BASE", "COMMENT", "EMBED", "FRAME", "FRAMESET", "HANDLER", "IFRAME", "IMPORT", "ISINDEX", "LINK",
    "LISTENER", "META", "NOSCRIPT", "OBJECT", "SCRIPT", "STYLE", "VMLFRAME", "XML", "XSS",
];

const ATTRIBUTES: &[(&str, Attribute)] = &[
    ("ACTION", Attribute::Address),
    ("ATTRIBUTENAME", Attribute::Name),
    ("BACKGROUND", Attribute::Address),
    ("BY", Attribute::Address),
    ("DATAFORMATAS", Attribute::Script),
    ("DATASRC", Attribute::Script),
    ("DYNSRC", Attribute::Address),
    ("FILTER", Attribute::Style),
    ("FOLDER", Attribute::Address),
    ("FORMACTION", Attribute::Address),
    ("FROM", Attribute::Address),
    ("HANDLER", Attribute::Address),
    ("HREF", Attribute::Address),
    ("LOWSRC", Attribute::Address),
    ("POSTER", Attribute::Address),
    ("SRC", Attribute::Address),
    ("STYLE", Attribute::Style),
    ("TO", Attribute::Address),
    ("VALUES", Attribute::Address),
    ("XLINK:HREF", Attribute::Address),
];
