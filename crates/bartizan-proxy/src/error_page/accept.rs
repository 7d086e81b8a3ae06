//! The form in which a client wants to read an error, from its `Accept` (RFC 9110, 12.5.1).

use http::HeaderMap;
use http::header::ACCEPT;

use crate::context::Wants;

/// Returns the form that a client names first among those we have; what it likes most wins (RFC 9110, 12.5.1).
pub fn wants_from_accept(headers: &HeaderMap) -> Wants {
    // Pictures, `*/*` and nothing at all: a tool, or a browser loading a part of a page.
    let mut best = (0, Wants::Text);
    let lines = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in lines.flat_map(|line| line.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let weight = weight.map_or(1000, thousandths);
        let wants = match essence.as_str() {
            "text/html" | "application/xhtml+xml" => Wants::Html,
            "application/json" | "application/problem+json" | "text/json" => Wants::Json,
            "text/plain" => Wants::Text,
            // `application/vnd.api+json`, `application/activity+json` and their like.
            other if other.ends_with("+json") => Wants::Json,
            _ => continue,
        };
        if weight > best.0 {
            best = (weight, wants);
        }
    }
    best.1
}

/// Reads a weight from `0` to `1.000` (RFC 9110, 12.4.2); one that cannot be read weighs nothing.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    match whole {
        "0" => format!("{fraction:0<3}").get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(0),
        "1" => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_form_follows_from_accept() {
        for (accept, wants) in [
            (Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), Wants::Html),
            (Some("application/json"), Wants::Json),
            (Some("application/json, text/plain, */*"), Wants::Json),
            (Some("text/html;q=0.5, application/json"), Wants::Json),
            (Some("text/html;q=0.5, application/json;q=0.45"), Wants::Html),
            (Some("text/html;q=0, application/json;q=0.1"), Wants::Json),
            (Some("application/activity+json"), Wants::Json),
            (Some("TEXT/HTML"), Wants::Html),
            (Some("text/plain"), Wants::Text),
            (Some("image/avif,image/webp,*/*"), Wants::Text),
            (Some("text/html;q=nonsense"), Wants::Text),
            (Some("*/*"), Wants::Text),
            (Some(""), Wants::Text),
            (None, Wants::Text),
        ] {
            let headers = accept.map(|text| (ACCEPT, HeaderValue::from_static(text))).into_iter().collect();
            assert_eq!(wants_from_accept(&headers), wants, "{accept:?}");
        }
    }
}
