//! `base64`, `hashlib`, `json.dumps`, `uuid`: values in other clothes.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let sources = arguments.sources();
    let first = arguments.positional.first();
    let bytes = match first.map(|value| &value.kind) {
        Some(Kind::Bytes(bytes)) => Some(bytes.to_vec()),
        Some(Kind::Text(text)) => Some(text.as_bytes().to_vec()),
        _ => None,
    };
    machine.spend(bytes.as_ref().map_or(0, Vec::len))?;
    let made = |bytes: Vec<u8>| Some(Value::new(Kind::Bytes(bytes.into()), at).from(&sources));
    Ok(match (name, bytes) {
        ("base64.b64encode" | "base64.standard_b64encode", Some(bytes)) => made(STANDARD.encode(bytes).into_bytes()),
        ("base64.urlsafe_b64encode", Some(bytes)) => made(URL_SAFE.encode(bytes).into_bytes()),
        ("base64.b64decode" | "base64.standard_b64decode" | "base64.urlsafe_b64decode", Some(mut bytes)) => {
            let engine = if name.contains("urlsafe") { &URL_SAFE } else { &STANDARD };
            // What is no letter of the alphabet is passed over.
            bytes.retain(|byte| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte));
            match engine.decode(bytes) {
                Ok(decoded) => made(decoded),
                Err(_) => return machine.raise_known("binascii.Error", "Incorrect padding".to_owned(), at),
            }
        }
        ("hashlib.new", _) => {
            let kind = arguments.text(0, "name").unwrap_or_default();
            digest(&format!("hashlib.{kind}"), at).map(|value| value.from(&sources))
        }
        ("uuid.UUID", _) => {
            let text = arguments.text(0, "hex").map(|text| text.replace(['-', '{', '}'], "").to_lowercase());
            let number = arguments.named("int").and_then(Value::as_int).map(|number| format!("{number:032x}"));
            match text.or(number) {
                Some(hex) if hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                    Some(uuid(&hex, at).from(&sources))
                }
                Some(_) => {
                    return machine.raise("ValueError", "badly formed hexadecimal UUID string", at);
                }
                None => None,
            }
        }
        ("uuid.uuid1" | "uuid.uuid3" | "uuid.uuid4" | "uuid.uuid5" | "uuid.uuid7", _) => {
            Some(uuid("0f1e2d3c4b5a49788796a5b4c3d2e1f0", at).from(&sources))
        }
        ("json.dumps", _) => {
            let [value] = arguments.positional.as_slice() else { return Ok(None) };
            let text = if arguments.named.is_empty() { json(value, 0) } else { None };
            text.map(|text| Value::text(&text, at).from(&sources))
        }
        _ => digest(name, at).map(|value| value.from(&sources)),
    })
}

/// Returns a digest in the place of the real one: how long it is can be known without the work.
fn digest(name: &str, at: Span) -> Option<Value> {
    let length = match name.trim_start_matches("hashlib.") {
        "md5" => 16,
        "sha1" => 20,
        "sha224" | "sha3_224" => 28,
        "sha256" | "sha3_256" | "blake2s" => 32,
        "sha384" | "sha3_384" => 48,
        "sha512" | "sha3_512" | "blake2b" => 64,
        _ => return None,
    };
    let text = super::random::stand_in(length * 2, at);
    Some(super::reader("hashlib digest", [("text", text), ("length", Value::new(Kind::Int(length as i128), at))], at))
}

/// Calls a method of a digest.
pub(super) fn digested(reader: &super::super::value::Reader, method: &str, at: Span) -> Option<Value> {
    let text = reader.values.borrow().get("text").cloned()?;
    match method {
        "hexdigest" => Some(text.at(at)),
        "digest" => {
            let bytes = text.as_text()?.as_bytes().iter().step_by(2).copied().collect();
            Some(Value::new(Kind::Bytes(bytes), at))
        }
        "update" => Some(Value::new(Kind::None, at)),
        _ => None,
    }
}

fn uuid(hex: &str, at: Span) -> Value {
    let mut values = vec![("hex", Value::text(hex, at))];
    if let Ok(number) = i128::from_str_radix(hex, 16) {
        values.push(("int", Value::new(Kind::Int(number), at)));
    }
    super::reader("uuid.UUID", values, at)
}

/// Returns a value as `json.dumps` writes it; nothing, if it cannot be known.
fn json(value: &Value, depth: u32) -> Option<String> {
    if depth > 20 {
        return None;
    }
    let all = |items: &[Value]| -> Option<String> {
        let shown: Option<Vec<String>> = items.iter().map(|item| json(item, depth + 1)).collect();
        Some(format!("[{}]", shown?.join(", ")))
    };
    match &value.kind {
        Kind::None => Some("null".to_owned()),
        Kind::Bool(yes) => Some(yes.to_string()),
        Kind::Int(number) => Some(number.to_string()),
        Kind::Text(text) if text.is_ascii() => serde_json::to_string(&**text).ok(),
        Kind::List(items) => all(&items.borrow()),
        Kind::Tuple(items) => all(items),
        Kind::Dict(dict) => {
            let entry = |(key, value): &(Value, Value)| match &key.kind {
                Kind::Text(_) => Some(format!("{}: {}", json(key, depth + 1)?, json(value, depth + 1)?)),
                _ => None,
            };
            let shown: Option<Vec<String>> = dict.borrow().entries.iter().map(entry).collect();
            Some(format!("{{{}}}", shown?.join(", ")))
        }
        _ => None,
    }
}

/// Returns TOML as values.
pub(super) fn of_toml(toml: &toml::Value, at: Span) -> Value {
    match toml {
        toml::Value::String(text) => Value::text(text, at),
        toml::Value::Integer(number) => Value::new(Kind::Int(i128::from(*number)), at),
        toml::Value::Float(number) => Value::new(Kind::Float(*number), at),
        toml::Value::Boolean(yes) => Value::new(Kind::Bool(*yes), at),
        toml::Value::Datetime(time) => Value::unknown(time.to_string(), at),
        toml::Value::Array(items) => Value::list(items.iter().map(|item| of_toml(item, at)).collect(), at),
        toml::Value::Table(entries) => {
            Value::dict(entries.iter().map(|(key, value)| (Value::text(key, at), of_toml(value, at))).collect(), at)
        }
    }
}

/// Reads TOML: a text, or a file that is open.
pub(super) fn toml(machine: &mut Machine<'_>, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let Some(first) = arguments.positional.first().cloned() else { return Ok(None) };
    let text = match &first.kind {
        Kind::File(path) => machine.read_text(&Rc::clone(path), at)?,
        _ => first,
    };
    let Some(toml) = text.as_text() else { return Ok(None) };
    machine.spend(toml.len())?;
    match toml.parse::<toml::Table>() {
        Ok(table) => Ok(Some(of_toml(&toml::Value::Table(table), at).from(&text.variables))),
        Err(error) => machine.raise_known("TOMLDecodeError", error.message().to_owned(), at),
    }
}
