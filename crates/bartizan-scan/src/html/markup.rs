//! What the Observatory reads of a page, by algorithm.

use bartizan_rules::observatory::{Algorithm, Markup, Script, trim};
use url::Url;

use super::tokenizer::{Dialect, Tag, Token, Tokenizer};
use super::tree::{Element, Reading, elements};

/// Reads a page as an algorithm does: the fourth as a browser, later ones as a stream of tags.
pub fn markup(text: &str, algorithm: Algorithm) -> Markup {
    match algorithm {
        Algorithm::V4 => of_browser(text),
        Algorithm::V5 | Algorithm::V6 => of_stream(text),
    }
}

fn of_stream(text: &str) -> Markup {
    let mut markup = Markup::default();
    for token in Tokenizer::new(text, Dialect::Stream) {
        let Token::Start(tag) = token else { continue };
        match tag.name.as_str() {
            "meta" => meta(&tag, &mut markup),
            "script" => {
                let src = tag.attribute("src").unwrap_or_default().to_owned();
                markup.scripts.push(Script { src, has_integrity: has_integrity(&tag) });
            }
            _ => {}
        }
    }
    markup
}

fn of_browser(text: &str) -> Markup {
    let mut markup = Markup::default();
    // The peer reads the page twice: once as a piece, for policies, and once as a page, for scripts.
    for element in elements(text, Reading::Fragment).iter().filter(|element| !element.is_inert) {
        if element.tag.name == "meta" {
            meta(&element.tag, &mut markup);
        }
    }
    let found = elements(text, Reading::WithoutScripts);
    let live = || found.iter().filter(|element| !element.is_inert);
    let base = base(live());
    for element in live().filter(|element| element.tag.name == "script") {
        let src = element.tag.attribute("src").filter(|_| !element.is_foreign);
        let resolved = src.map(|src| {
            let resolved = base.as_ref().map_or_else(|| nowhere(src), |base| base.join(src).ok());
            resolved.map_or_else(|| src.to_owned(), String::from)
        });
        let has_integrity = has_integrity(&element.tag);
        markup.scripts.push(Script { src: resolved.unwrap_or_default(), has_integrity });
    }
    markup
}

/// Returns the address that the page itself declares; without one, addresses stand for themselves.
fn base<'a>(mut live: impl Iterator<Item = &'a Element>) -> Option<Url> {
    let href = live.find_map(|element| (element.tag.name == "base").then(|| element.tag.attribute("href"))?)?;
    nowhere(href).filter(|url| !matches!(url.scheme(), "data" | "javascript"))
}

/// Resolves an address against `about:blank`, where the page is thought to be.
fn nowhere(address: &str) -> Option<Url> {
    Url::parse("about:blank").ok()?.join(address).ok()
}

fn meta(tag: &Tag, markup: &mut Markup) {
    let content = tag.attribute("content");
    let word = |name: &str| tag.attribute(name).map(|value| trim(&value.to_lowercase()).to_owned());
    if let (Some(name), Some(content)) = (word("http-equiv"), content) {
        if name == "content-security-policy" && !content.is_empty() {
            markup.policies.push(content.to_owned());
        }
    } else if word("name").as_deref() == Some("referrer")
        && let Some(content) = content.filter(|content| !content.is_empty())
    {
        markup.referrer = Some(content.to_owned());
    }
}

fn has_integrity(tag: &Tag) -> bool {
    tag.attribute("integrity").is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_read_scripts_differently() {
        for (text, browser, stream) in [
            ("<script src=a.js></script>", vec!["a.js"], vec!["a.js"]),
            ("<base href=https://b.example/><script src=a.js></script>", vec!["https://b.example/a.js"], vec!["a.js"]),
            (
                "<script src=' HTTPS://B.example/a.js'></script>",
                vec!["https://b.example/a.js"],
                vec![" HTTPS://B.example/a.js"],
            ),
            ("<template><script src=a.js></script></template>", vec![], vec!["a.js"]),
            ("<svg><script src=a.js></script></svg>", vec![""], vec!["a.js"]),
            ("<script src=//b.example/a.js></script>", vec!["//b.example/a.js"], vec!["//b.example/a.js"]),
            ("<script src=''></script>", vec![""], vec![""]),
            ("<iframe><script src=a.js></script></iframe>", vec![], vec!["a.js"]),
        ] {
            let sources = |algorithm| {
                let scripts = markup(text, algorithm).scripts;
                scripts.into_iter().map(|script| script.src).collect::<Vec<_>>()
            };
            assert_eq!(sources(Algorithm::V4), browser, "{text}");
            assert_eq!(sources(Algorithm::V5), stream, "{text}");
        }
    }

    #[test]
    fn metas_are_read() {
        let page = "<meta http-equiv=' Content-Security-Policy' content=a><meta http-equiv=content-security-policy>\
            <meta name=Referrer content=b><meta name=referrer content=''><meta name=referrer content=c http-equiv=x>";
        for algorithm in Algorithm::ALL {
            let markup = markup(page, *algorithm);
            assert_eq!(markup.policies, ["a"]);
            assert_eq!(markup.referrer.as_deref(), Some("b"));
        }
    }
}
