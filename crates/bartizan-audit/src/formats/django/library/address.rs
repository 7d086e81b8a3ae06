//! `urllib.parse`: addresses taken apart, and texts made fit for them.

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let Some(first) = arguments.positional.first() else { return Ok(None) };
    let Some(text) = first.as_text().cloned() else { return Ok(None) };
    machine.spend(text.len())?;
    let made = |text: &str| Some(Value::text(text, at).from(&first.variables));
    Ok(match name.trim_start_matches("urllib.parse.") {
        "urlparse" | "urlsplit" => Some(parsed(&text, at).from(&first.variables)),
        "quote" => {
            let safe = arguments.text(1, "safe");
            made(&quoted(&text, safe.as_deref().unwrap_or("/")))
        }
        "quote_plus" => made(&quoted(&text, " ").replace(' ', "+")),
        "unquote" => unquoted(&text).and_then(|text| made(&text)),
        "unquote_plus" => unquoted(&text.replace('+', " ")).and_then(|text| made(&text)),
        _ => None,
    })
}

/// Takes an address apart as Python does, which refuses nothing.
fn parsed(address: &str, at: Span) -> Value {
    let text = |part: &str| Value::text(part, at);
    let none = || Value::new(Kind::None, at);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    let (scheme, rest) = match address.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_lowercase(), rest),
        _ => (String::new(), address),
    };
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (netloc, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let (user, host) = netloc.rsplit_once('@').map_or((None, netloc), |(user, host)| (Some(user), host));
    let (name, password) = match user {
        Some(user) => user.split_once(':').map_or((Some(user), None), |(name, password)| (Some(name), Some(password))),
        None => (None, None),
    };
    let (host, port) = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':').unwrap_or_default()),
        None => host.split_once(':').unwrap_or((host, "")),
    };
    let or_none = |part: Option<&str>| part.map_or_else(none, text);
    let values = [
        ("scheme", text(&scheme)),
        ("netloc", text(netloc)),
        ("path", text(path)),
        ("params", text("")),
        ("query", text(query)),
        ("fragment", text(fragment)),
        ("username", or_none(name)),
        ("password", or_none(password)),
        ("hostname", or_none(Some(&*host.to_lowercase()).filter(|host| !host.is_empty()))),
        ("port", port.parse::<u16>().map_or_else(|_| none(), |port| Value::new(Kind::Int(i128::from(port)), at))),
        ("address", text(address)),
    ];
    super::reader("urllib.parse.ParseResult", values, at)
}

fn quoted(text: &str, safe: &str) -> String {
    let mut result = String::new();
    for byte in text.bytes() {
        let is_kept = byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte) || safe.as_bytes().contains(&byte);
        if is_kept {
            result.push(char::from(byte));
        } else {
            result.push_str(&format!("%{byte:02X}"));
        }
    }
    result
}

/// Returns a text with what `%` stands for; nothing, if that is no text.
pub(super) fn unquoted(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digits = (ahead.next(), ahead.next());
        let value = match (byte, digits) {
            (b'%', (Some(high), Some(low))) => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                digit(high).zip(digit(low)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok())
            }
            _ => None,
        };
        if value.is_some() {
            rest = ahead;
        }
        bytes.push(value.unwrap_or(byte));
    }
    String::from_utf8(bytes).ok()
}
