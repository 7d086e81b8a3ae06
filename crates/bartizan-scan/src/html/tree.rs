//! Which tags of a page become elements, as far as that can change what a page loads (HTML, 13.2.6).
//!
//! No tree is kept, only the names of the open elements: enough to know what stands in a template, in foreign
//! content, in a list of choices or in a page of frames, where tags are ignored or mean something else.

use super::raw_text::RawText;
use super::tokenizer::{Dialect, Tag, Token, Tokenizer};

/// An element of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its tag.
    pub tag: Tag,
    /// Whether it belongs to SVG or MathML.
    pub is_foreign: bool,
    /// Whether it stands in a template, where nothing is loaded.
    pub is_inert: bool,
    /// Whether the body has begun before it.
    pub is_in_body: bool,
    /// The text that is no markup, of a script, for one.
    pub text: String,
}

/// Who reads a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// A browser that runs scripts: what stands in `<noscript>` is text.
    #[default]
    Browser,
    /// The same, of a piece of a page: it has no frames.
    Fragment,
    /// Somebody who runs no scripts, and sees what stands in `<noscript>`.
    WithoutScripts,
}

/// Returns the elements of a page, in order.
pub fn elements(text: &str, reading: Reading) -> Vec<Element> {
    let mut tokens = Tokenizer::new(text, Dialect::Browser);
    let mut tree = Tree { reading, ..Tree::default() };
    while let Some(token) = tokens.next() {
        match token {
            Token::Start(tag) => {
                if let Some(raw) = tree.start(tag) {
                    tokens.read_raw(raw);
                }
            }
            Token::End(name) => tree.end(&name),
            Token::Text(text) => tree.text(text),
        }
        tokens.set_foreign(tree.open.last().is_some_and(|open| open.is_foreign && !open.holds_html));
    }
    tree.elements
}

#[derive(Default)]
struct Tree {
    reading: Reading,
    elements: Vec<Element>,
    open: Vec<Open>,
    /// The element whose raw text comes next.
    takes_text: bool,
    has_body: bool,
    has_frames: bool,
}

struct Open {
    name: String,
    is_foreign: bool,
    /// A foreign element within which HTML is HTML again.
    holds_html: bool,
}

/// Deeper than any page; beyond it elements count as never opened.
const DEEPEST: usize = 4096;

impl Tree {
    fn text(&mut self, text: &str) {
        if std::mem::take(&mut self.takes_text) {
            if let Some(element) = self.elements.last_mut() {
                text.clone_into(&mut element.text);
            }
        } else if !text.trim().is_empty() {
            self.has_body = true;
        }
    }

    /// Makes an element of a tag, if it becomes one; returns how its text is read, if not as markup.
    fn start(&mut self, tag: Tag) -> Option<RawText> {
        self.takes_text = false;
        let name = tag.name.as_str();
        if self.has_frames {
            return if name == "noframes" { self.html(tag) } else { None };
        }
        if self.is_in_foreign(name) {
            if !breaks_out(&tag) {
                self.foreign(tag);
                return None;
            }
            let keep = self.open.iter().rposition(|open| !open.is_foreign || open.holds_html).map_or(0, |at| at + 1);
            self.open.truncate(keep);
        }
        if let Some(select) = self.in_scope("select") {
            match name {
                "hr" | "optgroup" | "option" | "script" | "template" => {}
                "input" | "keygen" | "textarea" => self.open.truncate(select),
                "select" => {
                    self.open.truncate(select);
                    return None;
                }
                "caption" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr"
                    if self.in_scope("table").is_some() =>
                {
                    self.open.truncate(select);
                }
                _ => return None,
            }
        }
        match name {
            "html" | "head" => None,
            "body" => {
                self.has_body = true;
                None
            }
            "frameset" if self.reading == Reading::Fragment => None,
            "frameset" if !self.has_body && self.open.is_empty() => {
                self.has_frames = true;
                None
            }
            "math" | "svg" => {
                self.has_body = true;
                self.foreign(tag);
                None
            }
            _ => self.html(tag),
        }
    }

    fn html(&mut self, tag: Tag) -> Option<RawText> {
        let name = tag.name.as_str();
        let raw = match name {
            "noscript" if self.reading != Reading::WithoutScripts => Some(RawText::Until("noscript")),
            _ => RawText::of_browser(name),
        };
        if raw.is_none() && !VOID.contains(&name) {
            self.push(name, false, false);
        }
        let is_template = name == "template";
        self.has_body |= !IN_HEAD.contains(&name);
        self.takes_text = raw.is_some();
        self.insert(tag, false, is_template);
        raw
    }

    fn foreign(&mut self, tag: Tag) {
        if !tag.is_self_closing {
            let has_html_encoding = tag.attribute("encoding").is_some_and(|encoding| {
                ["text/html", "application/xhtml+xml"].iter().any(|known| encoding.eq_ignore_ascii_case(known))
            });
            let holds_html = match tag.name.as_str() {
                "annotation-xml" => has_html_encoding,
                name => HOLDS_HTML.contains(&name),
            };
            self.push(&tag.name, true, holds_html);
        }
        self.insert(tag, true, false);
    }

    fn insert(&mut self, tag: Tag, is_foreign: bool, is_itself_template: bool) {
        let templates = self.open.iter().filter(|open| open.name == "template" && !open.is_foreign).count();
        let is_inert = templates > usize::from(is_itself_template);
        self.elements.push(Element { tag, is_foreign, is_inert, is_in_body: self.has_body, text: String::new() });
    }

    fn push(&mut self, name: &str, is_foreign: bool, holds_html: bool) {
        if self.open.len() < DEEPEST {
            self.open.push(Open { name: name.to_owned(), is_foreign, holds_html });
        }
    }

    fn is_in_foreign(&self, name: &str) -> bool {
        self.open.last().is_some_and(|open| {
            open.is_foreign && !open.holds_html && !(open.name == "annotation-xml" && name == "svg")
                || open.is_foreign && MATH_TEXT.contains(&open.name.as_str()) && matches!(name, "mglyph" | "malignmark")
        })
    }

    /// Returns the place of an open element of HTML, not beyond a template.
    fn in_scope(&self, name: &str) -> Option<usize> {
        let inside = self.open.iter().rposition(|open| open.name == "template" && !open.is_foreign);
        let from = inside.map_or(0, |at| at + 1);
        let found = self.open.get(from..)?.iter().rposition(|open| open.name == name && !open.is_foreign)?;
        Some(from + found)
    }

    fn end(&mut self, name: &str) {
        self.takes_text = false;
        match name {
            "head" | "html" => {}
            "body" | "br" => self.has_body = true,
            "template" => {
                if let Some(at) = self.open.iter().rposition(|open| open.name == name && !open.is_foreign) {
                    self.open.truncate(at);
                }
            }
            _ => {
                for at in (0..self.open.len()).rev() {
                    let Some(open) = self.open.get(at) else { return };
                    if open.name == name {
                        self.open.truncate(at);
                        return;
                    }
                    let is_edge = if open.is_foreign { open.holds_html } else { EDGES.contains(&open.name.as_str()) };
                    if is_edge && !CLOSES_EDGES.contains(&name) || open.name == "template" {
                        return;
                    }
                }
            }
        }
    }
}

/// Whether a tag ends foreign content around it (HTML, 13.2.6.5).
fn breaks_out(tag: &Tag) -> bool {
    let has_font = ["color", "face", "size"].iter().any(|name| tag.attribute(name).is_some());
    BREAKS_OUT.contains(&tag.name.as_str()) || tag.name == "font" && has_font
}

const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
];
const IN_HEAD: &[&str] =
    &["base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style", "template", "title"];
const MATH_TEXT: &[&str] = &["mi", "mn", "mo", "ms", "mtext"];
const HOLDS_HTML: &[&str] = &["desc", "foreignobject", "mi", "mn", "mo", "ms", "mtext", "title"];
/// Elements that an end tag does not reach beyond, unless it is one of a table.
const EDGES: &[&str] = &["applet", "caption", "marquee", "object", "table", "td", "th"];
const CLOSES_EDGES: &[&str] = &["caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"];
const BREAKS_OUT: &[&str] = &[
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the elements by name: in brackets where foreign, in parentheses where inert.
    fn names(text: &str) -> String {
        let name = |element: &Element| match (element.is_foreign, element.is_inert) {
            (true, _) => format!("[{}]", element.tag.name),
            (_, true) => format!("({})", element.tag.name),
            _ => element.tag.name.clone(),
        };
        elements(text, Reading::WithoutScripts).iter().map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn tags_become_elements_or_do_not() {
        for (text, expected) in [
            ("<!DOCTYPE html><html><head><title><p></title></head><body><p>x", "title p"),
            ("<template><script></script></template><script>", "template (script) script"),
            ("<template><template></template><a></template><i>", "template (template) (a) i"),
            ("<svg><script><b></b></script></svg>", "[svg] [script] b"),
            ("<svg><script/><a></a></svg><a>", "[svg] [script] [a] a"),
            ("<svg><meta><script></script>", "[svg] meta script"),
            ("<svg><foreignObject><script></script></foreignObject><a>", "[svg] [foreignobject] script [a]"),
            ("<svg><style><a></style></svg>", "[svg] [style] [a]"),
            ("<svg><![CDATA[<a>]]><b>", "[svg] b"),
            ("<svg><title><script>1</script></title><script/>", "[svg] [title] script [script]"),
            ("<math><mtext><script></script></mtext><script></script>", "[math] [mtext] script [script]"),
            ("<select><meta><script></script><option></select><meta>", "select script option meta"),
            ("<select><input><meta>", "select input meta"),
            ("<frameset><script></script><frame></frameset>", ""),
            ("<p>x<frameset><script></script>", "p frameset script"),
            ("<textarea><script></textarea><script>", "textarea script"),
            ("<noscript><script></script></noscript>", "noscript script"),
            ("<plaintext><script>", "plaintext"),
            ("<iframe><script></iframe><a>", "iframe a"),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn scripts_and_styles_have_text() {
        let found = elements(
            "<noscript><a></noscript><script>a<b></script>x<style>c</style><title>d</title>",
            Reading::Browser,
        );
        let texts: Vec<_> = found.iter().map(|element| element.text.as_str()).collect();
        assert_eq!(texts, ["<a>", "a<b>", "c", "d"]);
    }

    #[test]
    fn what_follows_the_head_is_in_the_body() {
        let found = elements("<meta><p><meta>", Reading::Browser);
        assert_eq!(found.iter().map(|element| element.is_in_body).collect::<Vec<_>>(), [false, true, true]);
    }
}
