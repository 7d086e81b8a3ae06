//! The boundary that the content type names (RFC 2046, 5.1.1).

use super::{Disorder, Fault, MultipartError};

/// Reads the boundary. Each liberty that servers take here lets them see other parts than we do.
pub(super) fn of_content_type(field: &[u8], disorder: &mut Disorder) -> Result<Vec<u8>, MultipartError> {
    let wrong = |reason| Err(MultipartError::Boundary { reason });
    if field.len() > LONGEST {
        return wrong("the field is too long");
    }
    if !field.get(..TYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(TYPE)) {
        return wrong("the type is not multipart/form-data");
    }
    let count = occurrences(field);
    if count > 1 {
        return wrong("there is more than one");
    }
    let Some(place) = memchr::memmem::find(field, NAME) else {
        return wrong(if count == 0 { "there is none" } else { "its name has capitals" });
    };
    let mut has_semicolon = false;
    for &byte in field.get(TYPE.len()..place).unwrap_or_default() {
        match byte {
            b';' if !has_semicolon => has_semicolon = true,
            _ if is_space(byte) => {}
            _ => return wrong("something stands before it"),
        }
    }
    if !has_semicolon {
        disorder.note(Fault::MissingSemicolon);
    }
    let after = field.get(place + NAME.len()..).unwrap_or_default();
    let Some(equals) = memchr::memchr(b'=', after) else { return wrong("it has no value") };
    let (between, value) = after.split_at(equals);
    let value = value.get(1..).unwrap_or_default();
    if !between.iter().all(|&byte| is_space(byte)) {
        return wrong("its name goes on");
    }
    if !between.is_empty() || value.first().is_some_and(|&byte| is_space(byte)) {
        disorder.note(Fault::BoundaryWhitespace);
    }
    // Another parameter may follow.
    let value = value.split(|&byte| byte == b';').next().unwrap_or_default();
    let boundary = match value {
        [b'"', inner @ .., b'"'] => {
            disorder.note(Fault::BoundaryQuoted);
            inner
        }
        [b'"', ..] | [.., b'"'] => return wrong("it has one quote"),
        _ => value,
    };
    if occurrences(boundary) > 0 {
        return wrong("it holds another one");
    }
    match boundary {
        [] => wrong("it is empty"),
        [.., b' '] => wrong("it ends with a space"),
        _ if boundary.iter().all(|&byte| byte.is_ascii_alphanumeric() || b" '()+_,-./:=?".contains(&byte)) => {
            Ok(boundary.to_vec())
        }
        _ => wrong("it has characters that boundaries cannot have"),
    }
}

/// How often the name stands before an equals sign, in any case.
fn occurrences(field: &[u8]) -> usize {
    let field = field.to_ascii_lowercase();
    let last = memchr::memrchr(b'=', &field).unwrap_or(0);
    memchr::memmem::find_iter(&field, NAME).filter(|place| place + NAME.len() <= last).count()
}

fn is_space(byte: u8) -> bool {
    b" \t\n\x0b\x0c\r".contains(&byte)
}

const TYPE: &[u8] = b"multipart/form-data";
const NAME: &[u8] = b"boundary";
/// No client writes a longer field.
const LONGEST: usize = 1024;
