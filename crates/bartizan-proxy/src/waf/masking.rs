//! What is written down of a value that matched: its beginning, and nothing of a secret.

/// Returns what may be written down of the values that matched one rule, by their names in rules, such as
/// `ARGS:password`.
pub(super) fn excerpts<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])> + Clone) -> Vec<(String, String)> {
    // What a rule took out of a secret stands under another name: `TX:1`, `MATCHED_VAR`.
    let has_secret = parts.clone().any(|(name, value)| is_secret(name) || excerpt(name, value) != shown(value));
    let one = |(name, value): (&str, &[u8])| {
        let (variable, _) = split(name);
        let is_copy = matches!(&*variable, "TX" | "MATCHED_VAR" | "MATCHED_VARS");
        let text = if is_copy && has_secret { hidden(value) } else { excerpt(name, value) };
        (name.to_owned(), text)
    };
    parts.map(one).collect()
}

fn excerpt(name: &str, value: &[u8]) -> String {
    if is_secret(name) {
        return hidden(value);
    }
    let (variable, key) = split(name);
    match &*variable {
        // Many values in one, some of which may be secret.
        "REQUEST_URI" | "REQUEST_URI_RAW" | "REQUEST_LINE" | "QUERY_STRING" | "REQUEST_BODY" | "FULL_REQUEST"
        | "RESPONSE_BODY" | "XML" => without_secrets(value),
        "REQUEST_HEADERS" if key == "referer" => without_secrets(value),
        _ => shown(value),
    }
}

fn split(name: &str) -> (String, String) {
    let (variable, key) = name.split_once(':').unwrap_or((name, ""));
    (variable.to_ascii_uppercase(), key.to_ascii_lowercase())
}

fn is_secret(name: &str) -> bool {
    let (variable, key) = split(name);
    match &*variable {
        "REQUEST_COOKIES" => true,
        "REQUEST_HEADERS" => SECRET_HEADERS.contains(&key.as_str()) || tells_secret(&key),
        _ => tells_secret(&key),
    }
}

/// Whether a text in lower case has the name of a secret in it.
fn tells_secret(text: &str) -> bool {
    SECRET_NAMES.iter().any(|word| text.contains(word))
}

/// Leaves out the fields of a form or a query, or the whole of another body, that have the name of a secret in them.
fn without_secrets(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    // What stands before the query is a path, which is written down in any case.
    let (path, fields) = match text.split_once('?') {
        Some((path, fields)) if !path.contains(['=', '&', '{', '<']) => (format!("{path}?"), fields),
        _ => (String::new(), &*text),
    };
    let field = |field: &str| {
        let plain = percent_encoding::percent_decode_str(field).decode_utf8_lossy().to_lowercase();
        if tells_secret(&plain) { format!("({} bytes)", field.len()) } else { field.to_owned() }
    };
    let fields: Vec<String> = fields.split('&').map(field).collect();
    shown(format!("{path}{}", fields.join("&")).as_bytes())
}

fn hidden(value: &[u8]) -> String {
    format!("({} bytes)", value.len())
}

fn shown(value: &[u8]) -> String {
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
            ("REQUEST_HEADERS:X-Csrf-Token", "x", "(1 bytes)"),
            ("REQUEST_URI", "/?a", "/?a"),
            ("REQUEST_URI", "/a?q=1&pass%77ord=hunter2&b=2", "/a?q=1&(18 bytes)&b=2"),
            ("QUERY_STRING", "token=abc", "(9 bytes)"),
            ("REQUEST_BODY", "{\"password\":\"hunter2\"}", "(22 bytes)"),
            ("REQUEST_BODY", "a=b&c=d", "a=b&c=d"),
            ("REQUEST_HEADERS:Referer", "https://a.example/?token=abc", "https://a.example/?(9 bytes)"),
        ] {
            assert_eq!(excerpt(name, value.as_bytes()), expected, "{name}");
        }
        let of = |parts: &[(&'static str, &'static str)]| {
            let parts: Vec<_> = parts.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
            excerpts(parts.into_iter()).into_iter().map(|(_, text)| text).collect::<Vec<_>>()
        };
        assert_eq!(of(&[("ARGS:password", "hunter2"), ("TX:1", "hunt")]), ["(7 bytes)", "(4 bytes)"]);
        assert_eq!(of(&[("ARGS:q", "hunter2"), ("TX:1", "hunt")]), ["hunter2", "hunt"]);
        assert_eq!(excerpt("ARGS:q", &[b'a'; 500]).chars().count(), LONGEST + 1);
    }
}
