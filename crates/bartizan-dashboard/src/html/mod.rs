//! Markup as a type: text enters it escaped, names of elements and attributes are our own.
//!
//! There is no way from a string to markup but through the escape, so that a value that was reported cannot act in a
//! page, wherever it is put. Addresses are a type of their own: an attribute that loads or leads somewhere takes no text.

mod address;
mod escape;

use std::fmt;

pub(crate) use address::Address;
use bartizan_rules::Reference;

/// Markup in which nothing foreign acts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Html(String);

impl Html {
    /// Returns nothing.
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    /// Appends.
    pub(crate) fn put(&mut self, part: impl Into<Self>) {
        self.0.push_str(&part.into().0);
    }

    /// Returns several, one after the other.
    pub(crate) fn all<T: Into<Self>>(parts: impl IntoIterator<Item = T>) -> Self {
        let mut whole = Self::nothing();
        parts.into_iter().for_each(|part| whole.put(part));
        whole
    }

    /// Returns a whole document as it is sent.
    pub(crate) fn document(self) -> String {
        format!("<!doctype html>\n{}\n", self.0)
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len());
        escape::line(text, &mut escaped);
        Self(escaped)
    }
}

impl From<&String> for Html {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<std::borrow::Cow<'_, str>> for Html {
    fn from(text: std::borrow::Cow<'_, str>) -> Self {
        Self::from(text.as_ref())
    }
}

impl From<Tag> for Html {
    fn from(tag: Tag) -> Self {
        Self(tag.to_string())
    }
}

/// Returns text of several lines: line ends and tabs stay.
pub(crate) fn lines(text: &str) -> Html {
    let mut escaped = String::with_capacity(text.len());
    escape::lines(text, &mut escaped);
    Html(escaped)
}

/// Returns a sentence of ours, in which what stands between backticks is code.
pub(crate) fn prose(text: &'static str) -> Html {
    let parts = text.split('`').enumerate();
    Html::all(parts.map(|(at, part)| if at % 2 == 1 { tag("code").put(part).into() } else { Html::from(part) }))
}

/// Returns the beginning of a text that may be long, with a sign where it was cut.
pub(crate) fn short(text: &str, most: usize) -> Html {
    match text.char_indices().nth(most) {
        Some((end, _)) => Html::from(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Html::from(text),
    }
}

/// Begins an element.
pub(crate) fn tag(name: &'static str) -> Tag {
    Tag { name, attributes: String::new(), inner: Html::nothing() }
}

/// An element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    name: &'static str,
    attributes: String,
    inner: Html,
}

impl Tag {
    /// Sets the class.
    pub(crate) fn class(self, class: &'static str) -> Self {
        self.write("class", class)
    }

    /// Sets an attribute that is shown or compared, and never loads, leads or runs.
    pub(crate) fn set(self, name: &'static str, value: &str) -> Self {
        let acts = name.starts_with("on") || matches!(name, "href" | "src" | "action" | "formaction" | "style");
        debug_assert!(!acts, "{name} is not for text");
        self.write(name, value)
    }

    /// Sets an attribute without a value, if it is meant.
    pub(crate) fn flag(mut self, name: &'static str, is_meant: bool) -> Self {
        if is_meant {
            self.attributes.push(' ');
            self.attributes.push_str(name);
        }
        self
    }

    /// Leads to a page of ours.
    pub(crate) fn to(self, address: &Address) -> Self {
        self.write("href", address.as_str())
    }

    /// Leads to a place on this page.
    pub(crate) fn leads_to_id(self, id: &'static str) -> Self {
        let address = format!("#{id}");
        self.write("href", &address)
    }

    /// Leads to what supports a claim, and tells it nothing.
    pub(crate) fn leads_to_reference(self, reference: Reference) -> Self {
        self.write("href", &reference.url()).write("rel", "noreferrer noopener")
    }

    /// Sends a form to a page of ours.
    pub(crate) fn sends(self, method: &'static str, address: &Address) -> Self {
        self.write("method", method).write("action", address.as_str())
    }

    /// Loads a file of ours.
    pub(crate) fn loads(self, name: &'static str, address: &Address) -> Self {
        self.write(name, address.as_str())
    }

    /// Appends to what is in it.
    pub(crate) fn put(mut self, part: impl Into<Html>) -> Self {
        self.inner.put(part);
        self
    }

    /// Appends several.
    pub(crate) fn all<T: Into<Html>>(self, parts: impl IntoIterator<Item = T>) -> Self {
        self.put(Html::all(parts))
    }

    fn write(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
        escape::line(value, &mut self.attributes);
        self.attributes.push('"');
        self
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}{}>", self.name, self.attributes)?;
        if VOID.contains(&self.name) {
            return Ok(());
        }
        write!(f, "{}</{}>", self.inner.0, self.name)?;
        if BLOCKS.contains(&self.name) { f.write_str("\n") } else { Ok(()) }
    }
}

/// Elements that have no end (HTML, 13.1.2).
const VOID: &[&str] = &["br", "img", "input", "link", "meta"];

/// Elements after which a line ends, so that a page's source can be read.
const BLOCKS: &[&str] = &[
    "article", "details", "div", "figure", "footer", "form", "head", "header", "h1", "h2", "h3", "li", "main", "nav",
    "p", "pre", "section", "svg", "table", "tr", "ul",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_enters_escaped_wherever_it_is_put() {
        for (hostile, expected) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\"><img src=x onerror=y>", "&quot;&gt;&lt;img src=x onerror=y&gt;"),
            ("'--", "&#39;--"),
            ("a\u{202e}b\0", "a\\u{202e}b\\x00"),
            ("plain ü", "plain ü"),
        ] {
            assert_eq!(Html::from(tag("b").put(hostile)).0, format!("<b>{expected}</b>"));
            assert_eq!(Html::from(tag("b").set("title", hostile)).0, format!("<b title=\"{expected}\"></b>"));
            assert_eq!(lines(hostile).0, expected);
            assert_eq!(short(hostile, 1000).0, expected);
        }
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        for (text, most, expected) in [("äöü", 2, "äö…"), ("äöü", 3, "äöü"), ("", 0, "")] {
            assert_eq!(short(text, most).0, expected);
        }
    }

    #[test]
    #[should_panic(expected = "is not for text")]
    fn what_acts_takes_no_text() {
        let _ = tag("a").set("href", "javascript:alert(1)");
    }
}
