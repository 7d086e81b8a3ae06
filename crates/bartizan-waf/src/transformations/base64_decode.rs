//! `base64Decode`: strict base64 up to the first zero byte; what is not base64 stays as it is.

use super::{Context, Transformation};

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "base64Decode", aliases: &[], apply, touches: None };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let text = value.split(|&byte| byte == 0).next().unwrap_or_default();
    if value.is_empty() {
        return None;
    }
    let decoded = decode(text)?;
    (decoded != value).then_some(decoded)
}

/// Decodes whole quads; line ends may stand between them, spaces only before a line end.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut digits, mut padding) = (0_u32, 0_u32, 0_u32);
    let mut rest = text;
    loop {
        let spaces = rest.iter().take_while(|&&byte| byte == b' ').count();
        rest = rest.get(spaces..).unwrap_or_default();
        rest = match rest {
            [] => break,
            [b'\r', b'\n', after @ ..] | [b'\n', after @ ..] => after,
            _ if spaces > 0 => return None,
            [b'=', after @ ..] => {
                padding += 1;
                digits += 1;
                bits <<= 6;
                if padding > 2 {
                    return None;
                }
                after
            }
            [digit, after @ ..] => {
                if padding > 0 {
                    return None;
                }
                bits = (bits << 6) | u32::from(sextet(*digit)?);
                digits += 1;
                after
            }
        };
        if digits == 4 {
            let [_, bytes @ ..] = bits.to_be_bytes();
            out.extend(bytes.iter().take(3 - padding as usize));
            (bits, digits) = (0, 0);
        }
    }
    (digits == 0).then_some(out)
}

/// The value of a digit of RFC 4648, 4.
const fn sextet(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
