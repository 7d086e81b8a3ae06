//! From where a page loads things, and which other origins its scripts name.
//!
//! Only origins are kept: a page's own use of one is what allows a report to be believed.

use url::Url;

use crate::item::Load;

/// Returns what an attribute of an element loads: by which directive it is judged, and from where.
pub(crate) fn of_attribute<'a>(tag: &str, name: &str, value: &'a str, relations: &str) -> Vec<(Load, &'a str)> {
    let is = |relation: &str| relations.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(relation));
    let load = match (tag, name) {
        ("img" | "input", "src") | ("image" | "use" | "feimage", "href" | "xlink:href") | ("body", "background") => {
            Load::Image
        }
        ("img" | "source", "srcset") => {
            return candidates(value).map(|address| (Load::Image, address)).collect();
        }
        ("link", "imagesrcset") => return candidates(value).map(|address| (Load::Image, address)).collect(),
        ("video" | "audio" | "source" | "track", "src") => Load::Media,
        ("video", "poster") => Load::Image,
        ("iframe" | "frame", "src") => Load::Frame,
        ("embed", "src") | ("object", "data") => Load::Object,
        ("form", "action") | ("button" | "input", "formaction") => Load::Form,
        ("base", "href") => Load::Base,
        ("link", "href") if is("icon") || is("apple-touch-icon") || is("mask-icon") => Load::Image,
        ("link", "href") if is("manifest") => Load::Manifest,
        ("link", "href") if is("prefetch") || is("preload") => return Vec::new(),
        _ => return Vec::new(),
    };
    vec![(load, value)]
}

/// Returns the features that an attribute of a frame hands to it, each with the origin that it is handed to: that of
/// the frame unless something else is said (Permissions Policy, 7.1), and `self` for the page's own.
pub(crate) fn delegated(name: &str, value: &str, frame: Option<&str>) -> Vec<(Box<str>, Box<str>)> {
    let frame = frame.unwrap_or("self");
    let feature = |text: &str| {
        let is_name = (1..=LONGEST_FEATURE).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_name.then(|| text.to_ascii_lowercase().into_boxed_str())
    };
    match name {
        "allowfullscreen" => vec![("fullscreen".into(), frame.into())],
        "allow" => {
            let mut found = Vec::new();
            for directive in value.split(';').take(MOST) {
                let mut words = directive.split_ascii_whitespace();
                let Some(feature) = words.next().and_then(feature) else { continue };
                let mut words = words.take(MOST).peekable();
                if words.peek().is_none() {
                    found.push((feature, frame.into()));
                    continue;
                }
                let given = words.filter_map(|word| match word {
                    "'src'" => Some(frame.into()),
                    "'self'" => Some("self".into()),
                    "'none'" => None,
                    "*" => Some("*".into()),
                    other => Url::parse(other).ok().and_then(|url| origin(&url)),
                });
                found.extend(given.map(|origin: Box<str>| (feature.clone(), origin)));
            }
            found
        }
        _ => Vec::new(),
    }
}

/// Names of features are shorter.
const LONGEST_FEATURE: usize = 50;

/// The addresses of a `srcset` (HTML, 4.8.4.3.10).
fn candidates(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(',').filter_map(|part| part.split_ascii_whitespace().next());
    parts.filter(|address| !address.is_empty()).take(MOST)
}

/// Returns the origins that a text names, such as a script or a data attribute: each once, and not many.
pub(crate) fn named(text: &str) -> Vec<Box<str>> {
    let mut found: Vec<Box<str>> = Vec::new();
    for (at, _) in text.match_indices("//") {
        // In JSON within scripts a slash may be written with a backslash before it; then the pair is no pair.
        push(&mut found, text.get(..at), text.get(at + 2..));
        if found.len() >= MOST {
            return found;
        }
    }
    for (at, _) in text.match_indices("\\/\\/") {
        push(&mut found, text.get(..at), text.get(at + 4..));
        if found.len() >= MOST {
            return found;
        }
    }
    found
}

fn push(found: &mut Vec<Box<str>>, before: Option<&str>, after: Option<&str>) {
    let (Some(before), Some(after)) = (before, after) else { return };
    let Some(scheme) = SCHEMES.iter().find(|scheme| before.ends_with(*scheme)) else { return };
    let end =
        after.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_'))).unwrap_or(after.len());
    let host = after.get(..end).unwrap_or_default().trim_end_matches([':', '.']);
    // A name without a dot is a word in a comment more often than a host.
    if !host.contains('.') || host.len() > LONGEST {
        return;
    }
    if let Ok(url) = Url::parse(&format!("{scheme}//{host}/"))
        && let Some(origin) = origin(&url)
        && !found.contains(&origin)
    {
        found.push(origin);
    }
}

/// Returns the origin as policies write it; the scheme alone for an address without a host.
pub(crate) fn origin(url: &Url) -> Option<Box<str>> {
    match (url.scheme(), url.host_str()) {
        // Hosts may hold what ends a source or a policy; such a one cannot be said, and no site has one.
        ("http" | "https" | "ws" | "wss", Some(host)) if host.bytes().all(is_sayable) => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            Some(format!("{}://{host}{port}", url.scheme()).into())
        }
        (scheme @ ("blob" | "data"), _) => Some(format!("{scheme}:").into()),
        _ => None,
    }
}

const fn is_sayable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

const SCHEMES: &[&str] = &["https:", "http:", "wss:", "ws:"];

/// A page that names more is a directory of links.
const MOST: usize = 64;

/// A host name is no longer (RFC 1035, 2.3.4), and a port has six characters.
const LONGEST: usize = 260;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_found_in_text() {
        for (text, expected) in [
            ("fetch('https://api.example/v1?x')", &["https://api.example"][..]),
            (r#"{"u":"wss:\/\/live.example:8443\/s"}"#, &["wss://live.example:8443"]),
            ("https://a.example https://a.example/2", &["https://a.example"]),
            ("// see nothing here", &[]),
            ("http://word/", &[]), // no host of a site
            ("https://", &[]),
            ("//cdn.example/x", &[]), // as likely a comment
        ] {
            let found = named(text);
            assert_eq!(found.iter().map(|origin| &**origin).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn what_a_frame_is_handed() {
        for (name, value, frame, expected) in [
            (
                "allow",
                "camera; microphone",
                Some("https://f.example"),
                "camera https://f.example, microphone https://f.example",
            ),
            ("allow", "Camera 'self' https://a.example/x", None, "camera self, camera https://a.example"),
            ("allow", "camera *; usb 'none'", None, "camera *"),
            ("allow", "camera 'src'", None, "camera self"),
            ("allow", "cam=era; ;", None, ""),
            ("allow", "camera ws;x", None, "x self"),
            ("allowfullscreen", "", Some("https://f.example"), "fullscreen https://f.example"),
            ("src", "camera", None, ""),
        ] {
            let found = delegated(name, value, frame);
            let found: Vec<_> = found.iter().map(|(feature, origin)| format!("{feature} {origin}")).collect();
            assert_eq!(found.join(", "), expected, "{value}");
        }
    }

    #[test]
    fn what_an_attribute_loads() {
        for (tag, name, value, relations, expected) in [
            ("img", "src", "/a.png", "", &[(Load::Image, "/a.png")][..]),
            ("img", "srcset", "/a.png 1x, /b.png 2x", "", &[(Load::Image, "/a.png"), (Load::Image, "/b.png")]),
            ("a", "href", "https://b.example/", "", &[]), // a link loads nothing
            ("link", "href", "/i.ico", "shortcut icon", &[(Load::Image, "/i.ico")]),
            ("link", "href", "/i.css", "stylesheet", &[]), // known by its address
            ("iframe", "src", "/f", "", &[(Load::Frame, "/f")]),
            ("form", "action", "/send", "", &[(Load::Form, "/send")]),
        ] {
            assert_eq!(of_attribute(tag, name, value, relations), expected, "{tag} {name}");
        }
    }
}
