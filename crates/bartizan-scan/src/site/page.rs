//! A page as rules look at it.

use bartizan_rules::facts::{Form, Inline, InlineKind, Load, LoadKind, Meta, Page};
use url::Url;

use crate::html::{Element, Reading, Tag, elements};

/// Loads, inline pieces, metas and forms that are kept of one page, each; more tell nothing new.
const MOST: usize = 2000;

/// Takes a page apart.
pub fn page(url: &Url, text: &str) -> Page {
    let found = elements(text, Reading::Browser);
    let live = || found.iter().filter(|element| !element.is_inert);
    let base = live().find_map(|element| (element.tag.name == "base").then(|| element.tag.attribute("href"))?);
    let base = base.and_then(|href| url.join(href).ok()).unwrap_or_else(|| url.clone());
    let mut page = Page::new(url.clone());
    for element in live() {
        page.loads.extend(loads(element, &base));
        page.inline.extend(inline(element));
        page.metas.extend(meta(element));
        match element.tag.name.as_str() {
            "form" => {
                let action = element.tag.attribute("action").filter(|action| !action.trim().is_empty());
                let action = action.and_then(|action| base.join(action).ok()).unwrap_or_else(|| url.clone());
                page.forms.push(Form { action, has_password: false });
            }
            "input" if is(&element.tag, "type", "password") => {
                if let Some(form) = page.forms.last_mut() {
                    form.has_password = true;
                }
            }
            _ => {}
        }
    }
    page.loads.truncate(MOST);
    page.inline.truncate(MOST);
    page.metas.truncate(MOST);
    page.forms.truncate(MOST);
    page
}

fn is(tag: &Tag, name: &str, word: &str) -> bool {
    tag.attribute(name).is_some_and(|value| value.trim().eq_ignore_ascii_case(word))
}

/// Returns what an element loads.
fn loads(element: &Element, base: &Url) -> Option<Load> {
    let tag = &element.tag;
    let attribute = |name: &str| tag.attribute(name);
    let (kind, address) = match tag.name.as_str() {
        "script" if element.is_foreign => (LoadKind::Script, attribute("href").or_else(|| attribute("xlink:href"))),
        _ if element.is_foreign => return None,
        "script" if is_executable(tag) => (LoadKind::Script, attribute("src")),
        "audio" | "source" | "track" | "video" => (LoadKind::Media, attribute("src")),
        "embed" => (LoadKind::Object, attribute("src")),
        "frame" | "iframe" => (LoadKind::Frame, attribute("src")),
        "img" => (LoadKind::Image, attribute("src")),
        "input" if is(tag, "type", "image") => (LoadKind::Image, attribute("src")),
        "link" => (link(attribute("rel")?)?, attribute("href")),
        "object" => (LoadKind::Object, attribute("data")),
        _ => return None,
    };
    let url = base.join(address.filter(|address| !address.trim().is_empty())?).ok()?;
    let own = |name: &str| attribute(name).map(str::to_owned);
    Some(Load { kind, url, integrity: own("integrity"), crossorigin: own("crossorigin"), nonce: own("nonce") })
}

/// Returns what a link loads; most links load nothing.
fn link(rel: &str) -> Option<LoadKind> {
    let has = |word: &str| rel.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(word));
    if has("stylesheet") {
        Some(LoadKind::Stylesheet)
    } else if has("modulepreload") {
        Some(LoadKind::ModulePreload)
    } else if ["apple-touch-icon", "icon", "manifest", "preload"].into_iter().any(has) {
        Some(LoadKind::Other)
    } else {
        None
    }
}

/// Whether a script is run, and not kept as data (HTML, 4.12.1.1).
fn is_executable(tag: &Tag) -> bool {
    let kind = tag.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    matches!(essence, "" | "module" | "importmap") || essence.ends_with("javascript") || essence.ends_with("ecmascript")
}

/// Returns what stands in the page by an element: its text, or attributes that are code.
fn inline(element: &Element) -> Vec<Inline> {
    let tag = &element.tag;
    let nonce = tag.attribute("nonce").map(str::to_owned);
    let text = match tag.name.as_str() {
        "script" if is(tag, "type", "importmap") => Some(InlineKind::ImportMap),
        "script" if tag.attribute("src").is_none() && is_executable(tag) && !element.is_foreign => {
            Some(InlineKind::Script)
        }
        "style" => Some(InlineKind::Style),
        _ => None,
    };
    let mut all: Vec<_> = text.map(|kind| Inline { kind, nonce, text: element.text.clone() }).into_iter().collect();
    for (name, value) in &tag.attributes {
        let kind = match name.as_str() {
            "style" => InlineKind::StyleAttribute,
            name if name
                .strip_prefix("on")
                .is_some_and(|event| event.bytes().all(|byte| byte.is_ascii_lowercase())) =>
            {
                InlineKind::Handler
            }
            _ => continue,
        };
        all.push(Inline { kind, nonce: None, text: value.clone() });
    }
    all
}

fn meta(element: &Element) -> Option<Meta> {
    let tag = &element.tag;
    if tag.name != "meta" {
        return None;
    }
    let header = tag.attribute("http-equiv");
    let charset = tag.attribute("charset");
    let name = header.or_else(|| tag.attribute("name")).or_else(|| charset.map(|_| "charset"))?;
    Some(Meta {
        name: name.trim().to_ascii_lowercase(),
        content: tag.attribute("content").or(charset).unwrap_or_default().to_owned(),
        is_header: header.is_some(),
        is_in_head: !element.is_in_body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Page {
        page(&"https://a.example/x/".parse().unwrap(), text)
    }

    #[test]
    fn what_a_page_loads_is_found() {
        let found = parse(
            "<base href=/b/><script src=a.js integrity=sha384-x nonce=n></script><link rel='x StyleSheet' href=//c.example/c.css>\
             <link rel=canonical href=/y><img src=http://i.example/i.png><iframe src=f.html></iframe><object data=o.swf>\
             <template><img src=t.png></template><script type=application/json src=j.json></script><video src=v.mp4>",
        );
        let loads: Vec<_> = found.loads.iter().map(|load| format!("{} {}", load.kind.as_str(), load.url)).collect();
        assert_eq!(
            loads,
            [
                "script https://a.example/b/a.js",
                "stylesheet https://c.example/c.css",
                "image http://i.example/i.png",
                "frame https://a.example/b/f.html",
                "object https://a.example/b/o.swf",
                "media https://a.example/b/v.mp4",
            ]
        );
        assert_eq!(found.loads[0].nonce.as_deref(), Some("n"));
    }

    #[test]
    fn what_stands_in_a_page_is_found() {
        let found = parse(
            "<meta name=A content=b><script>1</script><script type=importmap>{}</script><style nonce=n>x</style>\
             <p onclick=f() style=c><form action=http://f.example><input type=Password></form><meta http-equiv=B content=c>",
        );
        let kinds: Vec<_> = found.inline.iter().map(|inline| inline.kind).collect();
        use InlineKind::{Handler, ImportMap, Script, Style, StyleAttribute};
        assert_eq!(kinds, [Script, ImportMap, Style, Handler, StyleAttribute]);
        assert_eq!(found.forms.len(), 1);
        assert!(found.forms[0].has_password && found.forms[0].action.as_str() == "http://f.example/");
        let metas: Vec<_> =
            found.metas.iter().map(|meta| (meta.name.as_str(), meta.is_header, meta.is_in_head)).collect();
        assert_eq!(metas, [("a", false, true), ("b", true, false)]);
    }
}
