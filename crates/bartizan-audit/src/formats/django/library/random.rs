//! Keys made by chance: what they are cannot be known, how long they are can.

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let bytes = |usual: i64| {
        let count = arguments.positional.first().and_then(Value::as_int).unwrap_or(usual);
        usize::try_from(count).unwrap_or(0).min(LONGEST)
    };
    Ok(match name {
        "secrets.token_hex" => Some(stand_in(bytes(32) * 2, at)),
        "secrets.token_urlsafe" => Some(stand_in((bytes(32) * 4).div_ceil(3), at)),
        "secrets.token_bytes" => {
            let bytes: Vec<u8> = ALPHABET.bytes().cycle().take(bytes(32)).collect();
            Some(Value::new(Kind::Bytes(bytes.into()), at))
        }
        "django.utils.crypto.get_random_string" => {
            let length = arguments.get(0, "length").and_then(Value::as_int).unwrap_or(12);
            Some(stand_in(usize::try_from(length).unwrap_or(0), at))
        }
        "django.core.management.utils.get_random_secret_key" => Some(stand_in(50, at)),
        _ => return super::standard::call(machine, name, arguments, at),
    })
}

/// Returns a text of this length in the place of one made by chance.
pub(super) fn stand_in(length: usize, at: Span) -> Value {
    let text: String = ALPHABET.chars().cycle().take(length.min(LONGEST)).collect();
    Value::text(&text, at)
}

/// Such keys have many different characters, and these stand for them.
const ALPHABET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
/// Longer keys are not told from one another.
const LONGEST: usize = 4_096;
