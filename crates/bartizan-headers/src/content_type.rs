//! Content-Type (RFC 9110, 8.3): what a body is.
//!
//! It guesses nothing from the body itself.

use std::fmt;

use http::{HeaderName, header};

use crate::field::{Field, Note, Parsed};
use crate::syntax::{is_token, split_outside_quotes, trim, unquote, write_value};

/// A media type with its parameters in the order written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentType {
    essence: String,
    parameters: Vec<(String, String)>,
}

impl ContentType {
    /// Returns type and subtype in lower case, such as `text/html`.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// Returns the value of a parameter; of several the first counts.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }

    /// Returns the character encoding.
    pub fn charset(&self) -> Option<&str> {
        self.parameter("charset")
    }

    /// Whether a browser may show the body as a page that can run scripts.
    pub fn is_document(&self) -> bool {
        is_document(&self.essence)
    }
}

/// Whether a browser may show a body with this field as a page that can run scripts; allocates nothing.
pub fn is_document(content_type: &str) -> bool {
    let essence = trim(content_type.split(';').next().unwrap_or_default());
    DOCUMENTS.iter().any(|document| essence.eq_ignore_ascii_case(document))
}

impl Field for ContentType {
    const NAME: HeaderName = header::CONTENT_TYPE;

    /// Reads the first line; a parameter that cannot be read is passed over.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        let mut notes = Vec::new();
        let Some(line) = crate::field::first_line(lines, &mut notes) else { return Parsed::absent() };
        let mut parts = split_outside_quotes(line, ';');
        let essence = parts.next().unwrap_or_default();
        if !essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype)) {
            return Parsed::rejected(notes, Note::syntax(essence));
        }
        let mut parameters: Vec<(String, String)> = Vec::new();
        for part in parts.filter(|part| !part.is_empty()) {
            let pair = part.split_once('=').filter(|(name, _)| is_token(name));
            let Some((name, value)) = pair.and_then(|(name, value)| Some((name, unquote(value)?))) else {
                notes.push(Note::syntax(part));
                continue;
            };
            let name = name.to_ascii_lowercase();
            if parameters.iter().any(|(known, _)| *known == name) {
                notes.push(Note::duplicate(&name));
            } else {
                parameters.push((name, value.into_owned()));
            }
        }
        Parsed::accepted(Self { essence: essence.to_ascii_lowercase(), parameters }, notes)
    }
}

impl fmt::Display for ContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.essence)?;
        self.parameters.iter().try_for_each(|(name, value)| {
            write!(f, "; {name}=")?;
            write_value(f, value)
        })
    }
}

const DOCUMENTS: [&str; 5] = ["text/html", "application/xhtml+xml", "image/svg+xml", "application/xml", "text/xml"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_parameters_are_read() {
        for (line, canonical, notes) in [
            ("text/html", Some("text/html"), 0),
            ("Text/HTML; Charset=\"utf-8\"", Some("text/html; charset=utf-8"), 0),
            ("multipart/form-data; boundary=\"a;b\"", Some("multipart/form-data; boundary=\"a;b\""), 0),
            ("text/plain; charset=a; charset=b; =; x", Some("text/plain; charset=a"), 3),
            ("text", None, 1),
            ("text/", None, 1),
            ("", None, 1),
        ] {
            let parsed = ContentType::parse(&[line]);
            assert_eq!(parsed.value.map(|value| value.to_string()).as_deref(), canonical, "{line}");
            assert_eq!(parsed.notes.len(), notes, "{line}: {:?}", parsed.notes);
        }
    }

    #[test]
    fn documents_are_told_from_data() {
        for (line, expected) in [
            ("text/html; charset=utf-8", true),
            ("IMAGE/SVG+XML", true),
            ("application/json", false),
            ("text/html-like", false),
            ("", false),
        ] {
            assert_eq!(is_document(line), expected, "{line}");
        }
    }
}
