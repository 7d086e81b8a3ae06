//! What is written down of a value that matched: its beginning, and nothing of a secret.

/// Returns what may be written down of a value, by its name in rules, such as `ARGS:password`.
pub(super) fn excerpt(name: &str, value: &[u8]) -> String {
    let (variable, key) = name.split_once(':').unwrap_or((name, ""));
    let key = key.to_ascii_lowercase();
    let is_secret = match variable.to_ascii_uppercase().as_str() {
        "REQUEST_COOKIES" => true,
        "REQUEST_HEADERS" => SECRET_HEADERS.contains(&key.as_str()),
        _ => SECRET_NAMES.iter().any(|word| key.contains(word)),
    };
    if is_secret {
        return format!("({} bytes)", value.len());
    }
    let text = String::from_utf8_lossy(value);
    let start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}

/// Enough to see what a rule saw.
const LONGEST: usize = 120;

const SECRET_HEADERS: &[&str] = &["authorization", "cookie", "proxy-authorization", "x-api-key", "x-auth-token"];

/// Parts of the names of fields that hold secrets.
const SECRET_NAMES: &[&str] =
    &["api_key", "apikey", "auth", "card", "cvc", "cvv", "pass", "pin", "pwd", "secret", "token"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_written_down() {
        for (name, value, expected) in [
            ("ARGS:q", "' or 1=1 --", "' or 1=1 --"),
            ("ARGS:Password", "' or 1=1 --", "(11 bytes)"),
            ("ARGS:user.access_token", "abc", "(3 bytes)"),
            ("REQUEST_COOKIES:theme", "<script>", "(8 bytes)"),
            ("REQUEST_HEADERS:Authorization", "Basic x", "(7 bytes)"),
            ("REQUEST_HEADERS:User-Agent", "sqlmap", "sqlmap"),
            ("REQUEST_URI", "/?a", "/?a"),
        ] {
            assert_eq!(excerpt(name, value.as_bytes()), expected, "{name}");
        }
        assert_eq!(excerpt("ARGS:q", &[b'a'; 500]).chars().count(), LONGEST + 1);
    }
}
