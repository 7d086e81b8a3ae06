//! The field `Content-Disposition` of a part (RFC 7578, 4.2).

use super::{Disorder, Fault};

/// What a part says of itself.
#[derive(Debug, Default)]
pub(super) struct Disposition {
    pub(super) name: Vec<u8>,
    pub(super) filename: Vec<u8>,
}

/// Reads the value. None where it is not of the form that all readers take in one way.
pub(super) fn parse(value: &[u8], disorder: &mut Disorder, mut tell: impl FnMut(&[u8], &[u8])) -> Option<Disposition> {
    let mut found = Disposition::default();
    let mut rest = value.strip_prefix(b"form-data")?;
    loop {
        rest = skip(rest);
        if rest.is_empty() {
            return Some(found);
        }
        rest = rest.strip_prefix(b";")?;
        if rest.is_empty() {
            return Some(found);
        }
        rest = skip(rest);
        let length = rest.iter().position(|byte| matches!(byte, b'=' | b' ' | b'\t'))?;
        let (name, after) = rest.split_at(length);
        rest = skip(skip(after).strip_prefix(b"=")?);
        let (text, after) = match rest {
            [] => return None,
            [quote @ (b'"' | b'\''), quoted @ ..] => {
                if *quote == b'\'' {
                    disorder.note(Fault::InvalidQuoting);
                }
                unquoted(quoted, *quote)?
            }
            _ => {
                let length = rest.iter().position(|&byte| !is_token(byte)).unwrap_or(rest.len());
                let (text, after) = rest.split_at(length);
                (text.to_vec(), after)
            }
        };
        rest = after;
        let known = match name {
            b"name" => &mut found.name,
            b"filename" => &mut found.filename,
            _ => return None,
        };
        tell(name, &text);
        if !known.is_empty() {
            return None;
        }
        *known = text;
        match skip(rest) {
            [] | [b';', ..] => {}
            _ => {
                let before = value.len() - skip(rest).len();
                if matches!(value.get(..before).and_then(<[u8]>::last), Some(b'"' | b'\'')) {
                    disorder.note(Fault::InvalidQuoting);
                }
                return None;
            }
        }
    }
}

fn skip(text: &[u8]) -> &[u8] {
    let spaces = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    text.get(spaces..).unwrap_or_default()
}

/// The text up to the quote, and what follows. A backslash escapes the quote and itself; before anything else it stays, as
/// browsers of old wrote paths. The quote at the end may be missing.
fn unquoted(mut rest: &[u8], quote: u8) -> Option<(Vec<u8>, &[u8])> {
    if rest.is_empty() {
        return None;
    }
    let mut text = Vec::new();
    loop {
        match rest {
            [] => return Some((text, rest)),
            [b'\\'] => return None,
            [b'\\', escaped, after @ ..] if *escaped == quote || *escaped == b'\\' => {
                text.push(*escaped);
                rest = after;
            }
            [byte, after @ ..] if *byte == quote => return Some((text, after)),
            [byte, after @ ..] => {
                text.push(*byte);
                rest = after;
            }
        }
    }
}

/// A character of a token (RFC 2045, 5.1).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte)
}
