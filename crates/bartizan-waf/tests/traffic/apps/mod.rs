//! Requests as apps of many kinds get them from people who mean no harm.

mod content;
mod devices;
mod interfaces;
mod protocols;
mod sessions;
mod texts;
mod uploads;

use crate::Request;

pub(crate) use texts::TEXTS;

/// Requests with the name of what sends them.
pub(crate) fn requests() -> Vec<(String, Request)> {
    let tables = [
        ("content", content::requests()),
        ("devices", devices::requests()),
        ("interfaces", interfaces::requests()),
        ("protocols", protocols::requests()),
        ("sessions", sessions::requests()),
        ("uploads", uploads::requests()),
    ];
    let named = tables
        .into_iter()
        .flat_map(|(table, requests)| requests.into_iter().map(move |(name, it)| (format!("{table}: {name}"), it)));
    named.collect()
}

/// A form of a browser, from names and values.
fn form(uri: &str, fields: &[(&str, &str)]) -> Request {
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", plus(value))).collect();
    Request::post("application/x-www-form-urlencoded", pairs.join("&")).to(uri)
}

/// A value as browsers write it in a form.
fn plus(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        match byte {
            b' ' => text.push('+'),
            b'*' | b'-' | b'.' | b'_' => text.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

fn json(uri: &str, body: &str) -> Request {
    Request::post("application/json", body).to(uri)
}

fn get(uri: &str) -> Request {
    Request::get(uri)
}

/// Parts of a form, each with its head and its bytes.
fn parts(uri: &str, parts: &[(&str, &[u8])]) -> Request {
    let mut body = Vec::new();
    for (head, bytes) in parts {
        body.extend_from_slice(
            format!("------geckoformboundary1f\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"------geckoformboundary1f--\r\n");
    Request::post("multipart/form-data; boundary=----geckoformboundary1f", body).to(uri)
}
