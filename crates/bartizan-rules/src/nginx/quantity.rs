//! Times and sizes, as nginx writes them.

/// Returns the seconds of `10m`, `1h 30m` or `600`; milliseconds count as none.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        let after = rest.get(digits..)?;
        let length = after.find(|c: char| c.is_ascii_digit() || c == ' ').unwrap_or(after.len());
        let factor = match after.get(..length)? {
            "" | "s" => 1,
            "ms" => 0,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 604_800,
            "M" => 2_592_000,
            "y" => 31_536_000,
            _ => return None,
        };
        total = total.saturating_add(number.saturating_mul(factor));
        rest = after.get(length..)?.trim_start();
    }
    (!text.trim().is_empty()).then_some(total)
}

/// Returns the bytes of `10m` or `1024`.
pub(crate) fn bytes(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text.get(..digits)?.parse().ok()?;
    let shift = match text.get(digits..)? {
        "" => 0,
        "k" | "K" => 10,
        "m" | "M" => 20,
        "g" | "G" => 30,
        _ => return None,
    };
    Some(number.saturating_mul(1 << shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_units() {
        for (text, expected) in [
            ("600", Some(600)),
            ("10m", Some(600)),
            ("1h 30m", Some(5_400)),
            ("2d", Some(172_800)),
            ("500ms", Some(0)),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
        for (text, expected) in [("0", Some(0)), ("1k", Some(1_024)), ("10g", Some(10 << 30)), ("1t", None)] {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }
}
