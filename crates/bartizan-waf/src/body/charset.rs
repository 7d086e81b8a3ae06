//! The charset of a body, as far as rules written for ASCII can see through it.

/// How the bytes of a body are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// ASCII is itself: UTF-8, the parts of ISO 8859, the code pages of Windows, and what does not say.
    Ascii,
    /// Two bytes for each unit, the high one first.
    Utf16BigEndian,
    /// Two bytes for each unit, the low one first.
    Utf16LittleEndian,
}

/// Why a body is not looked at as its field says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CharsetError {
    /// The field names more than one: each side would choose another.
    #[error("more than one charset")]
    Repeated,
    /// ASCII means something else in it, such as UTF-7 or the code pages of mainframes.
    #[error("charset {name} hides what a body says")]
    Hiding {
        /// Its name in the field.
        name: String,
    },
}

/// Reads the charset of a field `Content-Type`.
pub fn of_content_type(field: &[u8]) -> Result<Charset, CharsetError> {
    let text = String::from_utf8_lossy(field).to_ascii_lowercase();
    let mut found: Option<String> = None;
    for parameter in text.split(';').skip(1) {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if name.trim() != "charset" {
            continue;
        }
        let value = value.trim().trim_matches(['"', '\'']).trim();
        if found.is_some() || value.contains("charset") {
            return Err(CharsetError::Repeated);
        }
        found = Some(value.to_owned());
    }
    let Some(name) = found else { return Ok(Charset::Ascii) };
    match name.as_str() {
        "utf-16be" | "utf16be" => Ok(Charset::Utf16BigEndian),
        "utf-16" | "utf16" | "utf-16le" | "utf16le" | "unicode" | "ucs-2" => Ok(Charset::Utf16LittleEndian),
        _ if SAFE.iter().any(|safe| name.starts_with(safe)) => Ok(Charset::Ascii),
        _ => Err(CharsetError::Hiding { name }),
    }
}

/// The body in UTF-8, by its mark or by what the field says. None where it is already as rules read it.
pub fn to_utf8(body: &[u8], charset: Charset) -> Option<Vec<u8>> {
    let (charset, units) = match body {
        [0xfe, 0xff, units @ ..] => (Charset::Utf16BigEndian, units),
        [0xff, 0xfe, units @ ..] => (Charset::Utf16LittleEndian, units),
        _ => (charset, body),
    };
    let unit: fn([u8; 2]) -> u16 = match charset {
        Charset::Ascii => return None,
        Charset::Utf16BigEndian => u16::from_be_bytes,
        Charset::Utf16LittleEndian => u16::from_le_bytes,
    };
    let units = units.as_chunks::<2>().0.iter().map(|&bytes| unit(bytes));
    let text: String =
        char::decode_utf16(units).map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Some(text.into_bytes())
}

/// Charsets in which every byte of ASCII is itself.
const SAFE: &[&str] =
    &["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-", "iso8859-", "latin", "windows-125", "cp125", "koi8-"];

#[cfg(test)]
mod tests {
    use super::{Charset, CharsetError, of_content_type, to_utf8};

    #[test]
    fn charsets_are_read_from_the_field() {
        let hiding = |name: &str| Err(CharsetError::Hiding { name: name.to_owned() });
        for (field, expected) in [
            ("text/html", Ok(Charset::Ascii)),
            ("application/json; Charset=\"UTF-8\"", Ok(Charset::Ascii)),
            ("text/xml; charset=iso-8859-15", Ok(Charset::Ascii)),
            ("text/xml; charset=utf-16", Ok(Charset::Utf16LittleEndian)),
            ("text/xml; charset=UTF-16BE", Ok(Charset::Utf16BigEndian)),
            ("text/xml; charset=utf-7", hiding("utf-7")),
            ("text/xml; charset=ibm037", hiding("ibm037")),
            ("text/xml; charset=utf-8; charset=utf-7", Err(CharsetError::Repeated)),
        ] {
            assert_eq!(of_content_type(field.as_bytes()), expected, "{field}");
        }
    }

    #[test]
    fn bodies_are_turned_into_utf8() {
        for (body, charset, expected) in [
            (b"<\0a\0" as &[u8], Charset::Utf16LittleEndian, Some("<a")),
            (b"\xfe\xff\0<\0a", Charset::Ascii, Some("<a")),
            (b"\xff\xfe<\0\x3d\xd8", Charset::Ascii, Some("<\u{fffd}")),
            (b"<a", Charset::Ascii, None),
        ] {
            assert_eq!(to_utf8(body, charset), expected.map(|text| text.as_bytes().to_vec()), "{body:?}");
        }
    }
}
