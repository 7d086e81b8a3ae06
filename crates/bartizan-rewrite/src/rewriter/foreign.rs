//! Drawings and formulas: content of another kind, of which browsers and the reader count differently what ends where.
//!
//! Where the two could disagree on what is an element, nothing more is inserted.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use lol_html::html_content::{Comment, Element};
use lol_html::{ElementContentHandlers, HandlerResult, Selector};

use super::State;

/// Foreign content, in which text in square brackets ends elsewhere for browsers than for the reader
/// (HTML, 13.2.5.42), and of which one kind does not nest for certain in the other (13.2.6.5).
pub(super) fn foreign_roots(state: &Rc<RefCell<State>>) -> (Cow<'static, Selector>, ElementContentHandlers<'static>) {
    let (on_element, on_comment) = (Rc::clone(state), Rc::clone(state));
    let element = move |element: &mut Element<'_, '_>| -> HandlerResult {
        foreign_root(&on_element, element);
        Ok(())
    };
    let comment = move |comment: &mut Comment<'_>| -> HandlerResult {
        if comment.text().starts_with("[CDATA[") {
            on_comment.borrow_mut().give_up();
        }
        Ok(())
    };
    let selector: Selector = "svg, math".parse().expect("these are names");
    (Cow::Owned(selector), ElementContentHandlers::default().element(element).comments(comment))
}

/// A drawing in a drawing, as collections of icons have them, is fine: where a browser leaves foreign content early,
/// the reader still takes what follows for foreign, and `raw_text` keeps that from mattering.
fn foreign_root(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>) {
    let name = element.tag_name();
    let Some(ends) = element.end_tag_handlers() else {
        // It closes itself, and the reader takes it for open.
        state.borrow_mut().give_up();
        return;
    };
    {
        let mut state = state.borrow_mut();
        match state.foreign.take() {
            None => state.foreign = Some((name, 1)),
            Some((root, open)) if root == name && name == "svg" => state.foreign = Some((root, open.saturating_add(1))),
            Some(_) => state.give_up(),
        }
    }
    let state = Rc::clone(state);
    ends.push(Box::new(move |_| {
        let mut state = state.borrow_mut();
        state.foreign = state.foreign.take().map(|(root, open)| (root, open.saturating_sub(1))).filter(|it| it.1 > 0);
        Ok(())
    }));
}

/// Elements that end foreign content, however deep it is (HTML, 13.2.6.5); the reader leaves one level of it.
const BREAKOUTS: &[&str] = &[
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "strike",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

pub(super) fn breakout(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>) {
    let is_nested = state.borrow().foreign.as_ref().is_some_and(|(_, open)| *open > 1);
    if is_nested && BREAKOUTS.contains(&element.tag_name().as_str()) {
        state.borrow_mut().give_up();
    }
}

pub(super) const RAW_TEXT: &str = "iframe, noembed, noframes, noscript, plaintext, textarea, title, xmp";

/// An element whose content is text in HTML and markup in foreign content. An end tag that closed the foreign content
/// unnoticed would let text pass for markup; so nothing within such an element may look like one.
pub(super) fn raw_text(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>) {
    if state.borrow().foreign_text.is_some() {
        state.borrow_mut().give_up();
    }
    let name = element.tag_name();
    // The reader takes the title of a drawing for HTML already, and so would a title that is not in one any more.
    let is_of_drawing = name == "title" && state.borrow().foreign.is_some();
    if is_html(element) && !is_of_drawing {
        return;
    }
    let is_usual = matches!(name.as_str(), "script" | "style" | "title");
    let Some(ends) = element.end_tag_handlers().filter(|_| is_usual) else {
        // An element that closes itself holds nothing, and the others do not belong there.
        if !is_usual {
            state.borrow_mut().give_up();
        }
        return;
    };
    state.borrow_mut().foreign_text = Some(name.clone());
    let state = Rc::clone(state);
    ends.push(Box::new(move |end| {
        let mut state = state.borrow_mut();
        state.foreign_text = None;
        // Closed by another's end, it may be text for a browser, and still be open.
        if end.name() != name {
            state.give_up();
        }
        Ok(())
    }));
}

pub(super) fn is_html(element: &Element<'_, '_>) -> bool {
    element.namespace_uri() == "http://www.w3.org/1999/xhtml"
}

/// Where foreign content holds HTML, the reader loses count of what ends where (HTML, 13.2.6.5).
pub(super) fn integration(state: &Rc<RefCell<State>>, _: &mut Element<'_, '_>) {
    state.borrow_mut().give_up();
}
