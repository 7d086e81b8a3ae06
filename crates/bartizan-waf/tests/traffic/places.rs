//! Where values stand in requests, and how they are written there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Request, encoded};

const FORM: &str = "application/x-www-form-urlencoded";

/// A value in each place in which apps get it.
pub(crate) fn everywhere(value: &str) -> Vec<(&'static str, Request)> {
    let once = encoded(value);
    let mut all = bodies(value);
    all.extend([
        ("query", Request::get(format!("/list?page=1&q={once}&sort=name"))),
        ("query, encoded twice", Request::get(format!("/list?q={}", encoded(&once)))),
        ("name", Request::get(format!("/list?{once}=1"))),
        ("cookie", Request::get("/").with("Cookie", format!("session=abc; last={once}"))),
    ]);
    all
}

/// A value in each kind of body.
pub(crate) fn bodies(value: &str) -> Vec<(&'static str, Request)> {
    let json = serde_json::json!({ "filter": { "name": [value] }, "page": 1 }).to_string();
    vec![
        ("form", Request::post(FORM, format!("id=7&text={}", encoded(value)))),
        ("json", Request::post("application/json", json)),
        ("multipart", Request::post("multipart/form-data; boundary=B", part("name=\"comment\"", value))),
    ]
}

/// A value where attackers hide it. Only what is no more than an attack is found in all of these.
pub(crate) fn hidden(value: &str) -> Vec<(&'static str, Request)> {
    let once = encoded(value);
    let thrice = encoded(&encoded(&once));
    let escaped: String = value.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let entities: String = value.chars().map(|char| format!("&#x{:x};", u32::from(char))).collect();
    let base64 = STANDARD.encode(value);
    let plus = value.replace('%', "%25").replace('+', "%2B").replace('&', "%26").replace('#', "%23").replace(' ', "+");
    let padding = "x".repeat(20_000);
    let one_line = value.replace(['\r', '\n', '\0'], " ");
    let field = |name: &'static str| Request::get("/").with(name, one_line.clone());
    vec![
        ("encoded thrice", Request::get(format!("/list?q={thrice}"))),
        ("encoded little", Request::get(format!("/list?q={}", plus.replace(['\r', '\n', '\0'], "+")))),
        ("other case", Request::get(format!("/list?q={}", encoded(&swapped(value))))),
        ("unicode escapes", Request::post("application/json", format!("{{\"a\":\"{escaped}\"}}"))),
        ("json name", Request::post("application/json", format!("{{\"{escaped}\":1}}"))),
        (
            "json in a form",
            Request::post(FORM, format!("data={}", encoded(&serde_json::json!({ "a": value }).to_string()))),
        ),
        ("xml text", Request::post("application/xml", format!("<a><b>{entities}</b></a>"))),
        ("xml attribute", Request::post("text/xml", format!("<a b=\"{entities}\"/>"))),
        ("cdata", Request::post("application/xml", format!("<a><![CDATA[{}]]></a>", value.replace('\0', " ")))),
        ("base64", Request::get(format!("/list?q={}", encoded(&base64)))),
        (
            "basic",
            Request::get("/").with("Authorization", format!("Basic {}", STANDARD.encode(format!("admin:{value}")))),
        ),
        ("user agent", field("User-Agent")),
        ("referer", Request::get("/").with("Referer", format!("https://a.example/?q={one_line}"))),
        ("address of a client", field("X-Forwarded-For")),
        ("any field", field("X-Api-Version")),
        ("path", Request::get(format!("/item/{once}/view"))),
        ("parameter of a path", Request::get(format!("/item;v={once}/view"))),
        ("behind padding", Request::post(FORM, format!("pad={padding}&text={once}"))),
        ("padded", Request::post(FORM, format!("text={once}+{padding}"))),
        (
            "among many",
            Request::get(format!("/list?{}q={once}", (0..120).map(|n| format!("a{n}={n}&")).collect::<String>())),
        ),
        ("no content type", Request::post("text/plain", format!("q={once}"))),
        ("gzip", Request::post(FORM, gzip(format!("q={once}").as_bytes())).with("Content-Encoding", "gzip")),
    ]
}

/// Letters in the other case, but for escapes.
fn swapped(text: &str) -> String {
    let swap = |(index, char): (usize, char)| {
        if index % 2 == 0 { char.to_ascii_uppercase() } else { char.to_ascii_lowercase() }
    };
    text.chars().enumerate().map(swap).collect()
}

fn part(head: &str, value: &str) -> String {
    format!("--B\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n--B--\r\n")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes everything")
}
