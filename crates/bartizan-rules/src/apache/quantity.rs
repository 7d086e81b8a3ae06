//! Numbers with units, as httpd reads them.

/// Returns how many seconds a time says; without a unit it has seconds.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let length = lower.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, unit) = lower.split_at_checked(length)?;
    let number: u64 = digits.parse().ok()?;
    match unit {
        "" | "s" => Some(number),
        "ms" => Some(number / 1000),
        "mi" | "min" => Some(number.saturating_mul(60)),
        "h" => Some(number.saturating_mul(3600)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_httpd() {
        for (text, expected) in [
            ("5", Some(5)),
            ("5s", Some(5)),
            ("500ms", Some(0)),
            ("2min", Some(120)),
            ("1H", Some(3600)),
            ("x", None),
            ("5d", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
