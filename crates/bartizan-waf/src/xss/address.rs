//! Addresses that run script.

/// Whether the address that the text begins with, of this length, has a scheme that runs script.
pub(super) fn runs_script(text: &[u8], length: usize) -> bool {
    let skipped = text.iter().take(length).take_while(|&&byte| byte <= 32 || byte >= 127).count();
    let address = text.get(skipped..).unwrap_or_default();
    SCHEMES.iter().any(|scheme| begins_with(scheme.as_bytes(), address, length - skipped))
}

/// Whether the text begins with the word once its character references are read.
fn begins_with(mut word: &[u8], mut text: &[u8], mut length: usize) -> bool {
    let mut is_first = true;
    while length > 0 {
        let [expected, rest_of_word @ ..] = word else { return true };
        let (character, taken) = character(text, length);
        text = text.get(taken..).unwrap_or_default();
        length = length.saturating_sub(taken);
        if is_first && character <= 32 {
            continue;
        }
        is_first = false;
        // Browsers leave these out of addresses.
        if matches!(character, 0 | 10) {
            continue;
        }
        // Only the lower byte counts, as in a `char` of C.
        if (character as u8).to_ascii_uppercase() != *expected {
            return false;
        }
        word = rest_of_word;
    }
    word.is_empty()
}

/// The first character and how many bytes it takes; a reference only where it has a number.
fn character(text: &[u8], length: usize) -> (u32, usize) {
    let plain = (u32::from(text.first().copied().unwrap_or(0)), 1);
    let (digits, radix, start) = match text {
        _ if length < 2 => return plain,
        [b'&', b'#', b'x' | b'X', digits @ ..] => (digits, 16, 3),
        [b'&', b'#', digits @ ..] => (digits, 10, 2),
        _ => return plain,
    };
    let mut number = 0;
    let mut taken = 0;
    // The first digit may stand beyond the end of the value; those behind it may not.
    while let Some(digit) = digits.get(taken).and_then(|&digit| char::from(digit).to_digit(radix))
        && (taken == 0 || start + taken < length)
    {
        number = number * radix + digit;
        taken += 1;
        if number > LARGEST {
            return plain;
        }
    }
    if taken == 0 {
        return plain;
    }
    let is_ended = start + taken < length && digits.get(taken) == Some(&b';');
    (number, start + taken + usize::from(is_ended))
}

const SCHEMES: &[&str] = &["DATA", "VIEW-SOURCE", "JAVA", "VBSCRIPT"];
/// Beyond all characters.
const LARGEST: u32 = 0x10_00ff;
