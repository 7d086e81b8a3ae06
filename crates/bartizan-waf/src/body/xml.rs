//! XML as its text and the values of its attributes. Entities are never expanded.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// What rules see of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The text of all elements, one after the other (`XML:/*`).
    pub text: Vec<u8>,
    /// The values of attributes that are no namespaces (`XML://@*`).
    pub attributes: Vec<Vec<u8>>,
    /// What the document declares about itself: the values of entities stand here and nowhere else.
    pub declaration: Option<Vec<u8>>,
}

/// Why a body is no XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// The document is not well-formed.
    #[error("not well-formed before byte {place}")]
    Syntax {
        /// Where.
        place: usize,
    },
    /// Elements are nested too deep.
    #[error("nested deeper than {limit}")]
    Depth {
        /// How deep is allowed.
        limit: usize,
    },
}

/// Reads a document. What was read before a fault is kept.
pub fn read(body: &[u8], depth: usize) -> (Document, Result<(), XmlError>) {
    let mut document = Document::default();
    let result = fill(body, depth, &mut document);
    (document, result)
}

fn fill(body: &[u8], limit: usize, document: &mut Document) -> Result<(), XmlError> {
    let text = characters(body)?;
    let mut reader = Reader::from_str(&text);
    let mut depth = 0_usize;
    let mut has_root = false;
    loop {
        let place = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let wrong = XmlError::Syntax { place };
        match reader.read_event().map_err(|_| wrong)? {
            Event::Start(element) => {
                if depth == 0 && std::mem::replace(&mut has_root, true) {
                    return Err(wrong);
                }
                depth += 1;
                if depth > limit {
                    return Err(XmlError::Depth { limit });
                }
                attributes(&element, document).ok_or(wrong)?;
            }
            Event::Empty(element) => {
                if depth == 0 && std::mem::replace(&mut has_root, true) {
                    return Err(wrong);
                }
                attributes(&element, document).ok_or(wrong)?;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) if depth > 0 => document.text.extend_from_slice(text.as_bytes()),
            Event::Text(text) => {
                if !text.trim_start_matches('\u{feff}').trim_ascii().is_empty() {
                    return Err(wrong);
                }
            }
            Event::CData(text) if depth > 0 => document.text.extend_from_slice(text.as_bytes()),
            Event::GeneralRef(name) if depth > 0 => {
                if !reference(name.as_bytes(), &mut document.text) && document.declaration.is_none() {
                    return Err(wrong);
                }
            }
            Event::CData(_) | Event::GeneralRef(_) => return Err(wrong),
            Event::DocType(declaration) => document.declaration = Some(declaration.as_bytes().to_vec()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof if has_root && depth == 0 => return Ok(()),
            Event::Eof => return Err(wrong),
        }
    }
}

/// The body as text: UTF-8, or one byte for each character where the document says so (XML 1.0, 4.3.3).
fn characters(body: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    std::str::from_utf8(body).map(Cow::Borrowed).or_else(|error| {
        let start = body.get(..DECLARATION.min(body.len())).unwrap_or_default().to_ascii_lowercase();
        let names = |charset: &[u8]| memchr::memmem::find(&start, charset).is_some();
        if names(b"encoding") && (names(b"8859-") || names(b"windows-125")) {
            Ok(body.iter().map(|&byte| char::from(byte)).collect())
        } else {
            Err(XmlError::Syntax { place: error.valid_up_to() })
        }
    })
}

/// Adds the values of the attributes. None where one is wrong.
fn attributes(element: &BytesStart<'_>, document: &mut Document) -> Option<()> {
    for attribute in element.attributes() {
        let attribute = attribute.ok()?;
        let name = attribute.key.as_ref().as_bytes();
        if name == b"xmlns" || name.starts_with(b"xmlns:") {
            continue;
        }
        let mut value = Vec::new();
        let mut rest = attribute.value.as_bytes();
        while let Some(start) = memchr::memchr(b'&', rest) {
            let (text, after) = rest.split_at(start);
            value.extend_from_slice(text);
            let end = memchr::memchr(b';', after)?;
            let name = after.get(1..end)?;
            if !reference(name, &mut value) && document.declaration.is_none() {
                return None;
            }
            rest = after.get(end + 1..)?;
        }
        value.extend_from_slice(rest);
        document.attributes.push(value);
    }
    Some(())
}

/// Writes what a reference stands for: a character or one of the five names of XML 1.0, 4.6. An entity of the document's
/// own stays as it is written; whether it was one.
fn reference(name: &[u8], out: &mut Vec<u8>) -> bool {
    let character = match name {
        b"amp" => Some('&'),
        b"apos" => Some('\''),
        b"gt" => Some('>'),
        b"lt" => Some('<'),
        b"quot" => Some('"'),
        [b'#', b'x', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => None,
    };
    let Some(character) = character else {
        out.push(b'&');
        out.extend_from_slice(name);
        out.push(b';');
        return false;
    };
    let mut buffer = [0; 4];
    out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    true
}

/// Where a document names its encoding.
const DECLARATION: usize = 100;

fn number(digits: &[u8], radix: u32) -> Option<char> {
    char::from_u32(u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?)
}

#[cfg(test)]
mod tests {
    use super::{Document, XmlError, read};

    #[test]
    fn text_and_attributes_are_told() {
        for (body, text, attributes) in [
            (r#"<a x="1"><b y="&lt;2">t&amp;u<![CDATA[c<d]]></b> v<!--k--></a>"#, "t&uc<d v", &["1", "<2"] as &[&str]),
            (r#"<?xml version="1.0"?><p:a xmlns:p="u" p:q="z"><?pi data?>w&#65;</p:a>"#, "wA", &["z"]),
            (r#"<!DOCTYPE a [<!ENTITY e "boom">]><a b="&e;">&e;x</a>"#, "&e;x", &["&e;"]),
            ("<a/>\n", "", &[]),
        ] {
            let (document, result) = read(body.as_bytes(), 10);
            assert_eq!(result, Ok(()), "{body}");
            assert_eq!(String::from_utf8_lossy(&document.text), text, "{body}");
            let found: Vec<_> =
                document.attributes.iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect();
            assert_eq!(found, attributes, "{body}");
        }
        let (Document { declaration, .. }, _) = read(b"<!DOCTYPE a [<!ENTITY e 'boom'>]><a/>", 10);
        assert!(declaration.is_some_and(|text| memchr::memmem::find(&text, b"boom").is_some()));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for body in [
            "",
            "text",
            "<a>",
            "<a/>x",
            "<a/><b/>",
            "<a></b>",
            "<a>&e;</a>",
            "<a b='&e;'/>",
            "<a b=1/>",
            "<a b='1' b='2'/>",
        ] {
            assert!(matches!(read(body.as_bytes(), 10).1, Err(XmlError::Syntax { .. })), "{body}");
        }
        assert_eq!(read("<a>".repeat(11).as_bytes(), 10).1, Err(XmlError::Depth { limit: 10 }));
    }
}
