//! The markup of an example: tags and attributes in double quotes.

use url::Url;

use crate::facts::{Facts, Form, Inline, InlineKind, Load, LoadKind, Meta, Page, Response};

/// Returns the facts of a page: header lines, an empty line, and markup; or markup alone.
pub(crate) fn page(text: &str) -> Facts {
    let (headers, markup) = text.split_once("\n\n").unwrap_or(("", text));
    let response = Response::example(&format!("Content-Type: text/html\n{headers}"));
    let page = parse(response.url().clone(), markup);
    Facts::from_response(response).with_page(page)
}

/// Returns what a page is made of.
pub(super) fn parse(url: Url, markup: &str) -> Page {
    let mut page = Page::new(url);
    let mut is_in_head = true;
    let mut rest = markup;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((tag, inside)) = after.split_once('>') else { break };
        rest = inside;
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let attribute = |name: &str| attribute(attributes, name);
        let load = |kind, address: Option<String>| {
            let url = address.and_then(|address| page.url.join(&address).ok())?;
            let nonce = attribute("nonce");
            Some(Load { kind, url, integrity: attribute("integrity"), crossorigin: attribute("crossorigin"), nonce })
        };
        let text = || inside.split("</").next().unwrap_or_default().to_owned();
        match name {
            "body" => is_in_head = false,
            "script" if attribute("src").is_none() => {
                let inline = Inline { kind: InlineKind::Script, nonce: attribute("nonce"), text: text() };
                page.inline.push(inline);
            }
            "script" => page.loads.extend(load(LoadKind::Script, attribute("src"))),
            "link" => {
                let kind = match attribute("rel").as_deref() {
                    Some("stylesheet") => LoadKind::Stylesheet,
                    Some("modulepreload") => LoadKind::ModulePreload,
                    _ => LoadKind::Other,
                };
                page.loads.extend(load(kind, attribute("href")));
            }
            "img" => page.loads.extend(load(LoadKind::Image, attribute("src"))),
            "iframe" => page.loads.extend(load(LoadKind::Frame, attribute("src"))),
            "meta" => {
                let header = attribute("http-equiv");
                let charset = attribute("charset");
                let name = header.clone().or_else(|| attribute("name")).or(charset.as_ref().map(|_| "charset".into()));
                page.metas.push(Meta {
                    name: name.unwrap_or_default().to_ascii_lowercase(),
                    content: attribute("content").or(charset).unwrap_or_default(),
                    is_header: header.is_some(),
                    is_in_head,
                });
            }
            "form" => {
                let form = inside.split("</form>").next().unwrap_or_default();
                let action = page.url.join(&attribute("action").unwrap_or_default());
                let has_password = form.contains("type=\"password\"");
                page.forms.extend(action.ok().map(|action| Form { action, has_password }));
            }
            _ => {}
        }
    }
    page
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, next) = after.split_once('"')?;
        if before.split_whitespace().last() == Some(name) {
            return Some(value.to_owned());
        }
        rest = next;
    }
    attributes.split_whitespace().any(|word| word == name).then(String::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_told_apart() {
        for (attributes, name, value) in [
            ("src=\"a.js\" integrity=\"sha384-x\"", "integrity", Some("sha384-x")),
            ("src=\"a.js\" crossorigin", "crossorigin", Some("")),
            ("data-src=\"a.js\"", "src", None),
        ] {
            assert_eq!(attribute(attributes, name).as_deref(), value, "{attributes}");
        }
    }
}
