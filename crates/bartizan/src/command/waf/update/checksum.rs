//! What an archive must be, byte for byte.

use sha2::{Digest as _, Sha256};

/// The SHA-256 of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Checksum([u8; 32]);

impl Checksum {
    /// Returns that of these bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

/// Reads sixty-four hexadecimal digits.
pub(super) fn parse(text: &str) -> Result<Checksum, String> {
    let wrong = || "a SHA-256 has 64 hexadecimal digits".to_owned();
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return Err(wrong()) };
    let mut bytes = [0; 32];
    if pairs.len() != bytes.len() {
        return Err(wrong());
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let digit = |digit: u8| char::from(digit).to_digit(16).ok_or_else(wrong);
        let value = digit(pair[0])? * 16 + digit(pair[1])?;
        *byte = u8::try_from(value).map_err(|_| wrong())?;
    }
    Ok(Checksum(bytes))
}

impl std::fmt::Display for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_read_as_they_are_written() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Checksum::of(b"").to_string(), empty);
        assert_eq!(parse(&empty.to_uppercase()), Ok(Checksum::of(b"")));
        for text in ["", "e3", &empty[1..], &format!("{empty}00"), &empty.replace('e', "x")] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
