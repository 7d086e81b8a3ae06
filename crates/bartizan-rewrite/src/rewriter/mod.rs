//! One page on its way through.
//!
//! lol_html reads the page and says where its elements begin and end; the bytes that leave are those that came, with
//! nonces inserted. Where lol_html gives up, the rest passes untouched.

mod foreign;
mod own_policies;
mod runs;
mod values;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use encoding_rs::Encoding;
use htmlize::unescape_attribute;
use lol_html::html_content::Element;
use lol_html::{
    AsciiCompatibleEncoding, ElementContentHandlers, HandlerResult, HtmlRewriter, MemorySettings, Selector, Settings,
};
use thiserror::Error;
use url::Url;

use self::foreign::{RAW_TEXT, breakout, foreign_roots, integration, is_html, raw_text};
use self::own_policies::{Kind, OwnPolicies, names_nonce};
use self::runs::is_executable;
use crate::digest::Digest;
use crate::echo::Echo;
use crate::inventory::Inventory;
use crate::item::{Item, Seen, Verdict};
use crate::references;
use crate::shape::shape;
use crate::stream::{Change, Stream};
use crate::tags::Tags;

/// What is known of a page before its first byte.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its address.
    pub url: Url,
    /// The `charset` of its Content-Type; UTF-8 if there is none.
    pub charset: Option<String>,
    /// The nonce for what is known.
    pub nonce: String,
    /// Nonces that the app's own policy names: what carries one of them is the app's business.
    pub own_nonces: Vec<String>,
    /// What becomes of what is not known.
    pub unknown: Unknown,
    /// How closely to look.
    pub depth: Depth,
    /// Who asked for it.
    pub asker: Asker,
}

/// Who asked for a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Asker {
    /// A script: what the page holds may end in another one, where this one's nonce means nothing.
    Script,
    /// A browser that shows it.
    #[default]
    Visit,
}

/// What becomes of an element that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// It gets the nonce as well, and is told of: while a site is learnt, or where nothing must break.
    Bless,
    /// It gets no nonce.
    Withhold,
}

/// How closely a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Only at elements that can carry a nonce.
    Elements,
    /// At every attribute of every element, to learn what only a hash can allow.
    Everything,
}

/// What a page contained.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Each thing that a policy must allow, in its order; at most [`MOST_SEEN`].
    pub seen: Vec<Seen>,
    /// Whether there were more than could be kept.
    pub is_cut: bool,
    /// Things that the page repeats from its own address, and that are not among [`Self::seen`] therefore.
    pub echoed: usize,
    /// Policies that the page itself names in `meta` elements.
    pub own_policies: Vec<String>,
    /// Whether one of them names a nonce, and ours could not be named beside it.
    pub has_unmet_policy: bool,
    /// Whether a part passed untouched, because it could not be read for certain.
    pub is_partial: bool,
}

/// The page's charset cannot be read byte by byte.
#[derive(Debug, Error)]
#[error("a page in {charset} cannot be read as a stream")]
pub struct UnsupportedCharset {
    /// As the page names it.
    pub charset: String,
}

/// The most items of one page that are kept: far more than any page has, and few enough to keep for each connection.
pub const MOST_SEEN: usize = 2000;

/// What lol_html may keep of one page: it buffers no more than the tag it is in.
const MEMORY: usize = 4 << 20;

/// One page on its way through.
pub struct Rewriter {
    /// None once the page could not be read on.
    reader: Option<HtmlRewriter<'static, Sink>>,
    state: Rc<RefCell<State>>,
    /// What was given to the reader and has not come out of it.
    tail: Vec<u8>,
    given: usize,
    /// None where nobody wants to know more than what can carry a nonce.
    tags: Option<Tags>,
}

type Sink = Box<dyn FnMut(&[u8])>;

struct State {
    stream: Stream,
    page: Page,
    base: Option<Url>,
    /// Whether what has no host is the site's own.
    is_base_own: bool,
    encoding: &'static Encoding,
    inventory: Arc<Inventory>,
    /// What the page may repeat from its address.
    echo: Echo,
    /// What the page's own policies ask for.
    own_policies: OwnPolicies,
    /// Origins that were noted.
    addresses: BTreeSet<Item>,
    /// The element that began the foreign content that the page is within, and how many of its name are open.
    foreign: Option<(String, u32)>,
    /// The element of foreign content that should hold nothing but text, while it is open.
    foreign_text: Option<String>,
    /// Where an element ends can no longer be said for certain, so nothing more is inserted.
    has_given_up: bool,
    summary: Summary,
}

impl Rewriter {
    /// Returns a rewriter for one page.
    ///
    /// # Errors
    ///
    /// When the page's charset writes ASCII in more than one byte, such as UTF-16.
    pub fn new(page: Page, inventory: Arc<Inventory>) -> Result<Self, UnsupportedCharset> {
        let label = page.charset.as_deref().unwrap_or("utf-8");
        let unsupported = || UnsupportedCharset { charset: label.to_owned() };
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(unsupported)?;
        let ascii = AsciiCompatibleEncoding::new(encoding).ok_or_else(unsupported)?;
        let tags = (page.depth == Depth::Everything).then(Tags::default);
        let state = State {
            stream: Stream::default(),
            echo: Echo::of(&page.url),
            page,
            base: None,
            is_base_own: true,
            encoding,
            inventory,
            own_policies: OwnPolicies::default(),
            addresses: BTreeSet::new(),
            foreign: None,
            foreign_text: None,
            has_given_up: false,
            summary: Summary::default(),
        };
        let state = Rc::new(RefCell::new(state));
        let settings = Settings::new()
            .with_encoding(ascii)
            .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY));
        let settings = handlers(settings, &state);
        let sink: Sink = {
            let state = Rc::clone(&state);
            Box::new(move |bytes: &[u8]| state.borrow_mut().stream.push(bytes))
        };
        let reader = Some(HtmlRewriter::new(settings, sink));
        Ok(Self { reader, state, tail: Vec::new(), given: 0, tags })
    }

    /// Takes the next bytes of the page, and adds to `out` what may leave.
    pub fn write(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        // What begins with a mark of UTF-16 is UTF-16, whatever its header says (HTML, 13.2.3.2).
        if self.given == 0 && (bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")) {
            self.reader = None;
            self.state.borrow_mut().summary.is_partial = true;
        }
        self.tail.extend_from_slice(bytes);
        self.given += bytes.len();
        let outcome = self.reader.as_mut().map(|reader| reader.write(bytes));
        if !matches!(outcome, Some(Ok(()))) {
            self.give_up();
        }
        // Afterwards, so that the base of addresses is known.
        if let Some(tags) = self.tags.as_mut().filter(|_| self.reader.is_some()) {
            let mut state = self.state.borrow_mut();
            tags.read(bytes, |name, attributes| {
                attributes.for_each(|(attribute, value)| state.read_attribute(attributes, name, attribute, value));
            });
            state.summary.is_cut |= tags.is_cut;
        }
        self.collect(out);
    }

    /// Ends the page, adds what is left to `out`, and returns what the page contained.
    pub fn end(mut self, out: &mut Vec<u8>) -> Summary {
        if let Some(reader) = self.reader.take()
            && reader.end().is_err()
        {
            self.state.borrow_mut().summary.is_partial = true;
        }
        self.give_up_tail();
        self.state.borrow_mut().stream.release();
        self.collect(out);
        std::mem::take(&mut self.state.borrow_mut().summary)
    }

    /// Lets the rest of the page pass untouched.
    fn give_up(&mut self) {
        self.reader = None;
        self.state.borrow_mut().summary.is_partial = true;
        self.give_up_tail();
        self.state.borrow_mut().stream.release();
    }

    /// Passes what the reader kept to itself.
    fn give_up_tail(&mut self) {
        let mut state = self.state.borrow_mut();
        let missing = self.given.saturating_sub(state.stream.received());
        let start = self.tail.len().saturating_sub(missing);
        state.stream.push(self.tail.get(start..).unwrap_or_default());
    }

    fn collect(&mut self, out: &mut Vec<u8>) {
        let mut state = self.state.borrow_mut();
        let missing = self.given.saturating_sub(state.stream.received());
        let start = self.tail.len().saturating_sub(missing);
        self.tail.drain(..start);
        state.stream.take_ready(out);
    }
}

impl std::fmt::Debug for Rewriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rewriter").field("given", &self.given).field("is_reading", &self.reader.is_some()).finish()
    }
}

fn handlers(settings: Settings<'static, 'static>, state: &Rc<RefCell<State>>) -> Settings<'static, 'static> {
    let on = |selector: &str, handle: fn(&Rc<RefCell<State>>, &mut Element<'_, '_>)| {
        let state = Rc::clone(state);
        let handler = move |element: &mut Element<'_, '_>| -> HandlerResult {
            handle(&state, element);
            Ok(())
        };
        let selector: Selector = selector.parse().expect("the selectors below are names");
        (Cow::Owned(selector), ElementContentHandlers::default().element(handler))
    };
    // Each name costs a comparison with every tag of a page, and `*` would have every tag read.
    settings
        // First, so that nothing is inserted where it gives up.
        .append_element_content_handler(foreign_roots(state))
        .append_element_content_handler(on("foreignobject, annotation-xml", integration))
        .append_element_content_handler(on("svg *, math *", breakout))
        .append_element_content_handler(on(RAW_TEXT, raw_text))
        .append_element_content_handler(on("base", base))
        .append_element_content_handler(on("meta", meta))
        .append_element_content_handler(on("script", script))
        .append_element_content_handler(on("style", style))
        .append_element_content_handler(on("link", link))
}

/// The first `base` with an address counts (HTML, 4.2.3).
fn base(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>) {
    let mut state = state.borrow_mut();
    if let (None, Some(href)) = (&state.base, attribute(element, "href")) {
        state.base = state.page.url.join(&href).ok();
        state.is_base_own = state.base.as_ref().is_none_or(|base| base.origin() == state.page.url.origin());
    }
}

fn meta(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>) {
    let names_policy = attribute(element, "http-equiv")
        .is_some_and(|name| name.trim().eq_ignore_ascii_case("content-security-policy"));
    if let (true, Some(policy)) = (names_policy, attribute(element, "content")) {
        let place = place_of_nonce(element);
        let mut state = state.borrow_mut();
        state.meet(&policy, place);
        if state.summary.own_policies.len() < MOST_POLICIES {
            state.summary.own_policies.push(policy);
        }
    }
}

/// The most policies of a page that are kept; each is enforced by browsers, and no page has so many.
const MOST_POLICIES: usize = 16;

/// The most origins of one page that are kept: a page that uses more is a directory of others' pictures.
const MOST_ADDRESSES: usize = 256;

fn script(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>) {
    raw_text(state, element);
    if !is_executable(element) {
        return;
    }
    let source =
        attribute(element, "src").or_else(|| attribute(element, "href")).or_else(|| attribute(element, "xlink:href"));
    match source {
        Some(source) if source.trim().is_empty() => {} // HTML, 4.12.1.1, step 31: it never runs
        Some(source) => {
            if element.has_attribute("src") {
                name_digest(state, element, &source);
            }
            let address = state.borrow().address(&source);
            elsewhere(state, element, Item::ScriptAt(address), &source);
        }
        None => inline(state, element, |text| Item::Script { text: Digest::of(text), shape: shape(text) }),
    }
}

fn style(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>) {
    raw_text(state, element);
    inline(state, element, |text| Item::Style(Digest::of(text)));
}

fn link(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>) {
    if state.borrow().foreign_text.is_some() {
        state.borrow_mut().give_up();
    }
    if !is_html(element) {
        return;
    }
    let Some(relations) = attribute(element, "rel") else { return };
    let is = |name: &str| relations.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(name));
    let Some(href) = attribute(element, "href").filter(|href| !href.trim().is_empty()) else { return };
    let address = state.borrow().address(&href);
    let loads_script = is("modulepreload")
        || (is("preload") && attribute(element, "as").is_some_and(|kind| kind.eq_ignore_ascii_case("script")));
    if is("stylesheet") {
        name_digest(state, element, &href);
        elsewhere(state, element, Item::StyleAt(address), &href);
    } else if loads_script {
        elsewhere(state, element, Item::ScriptAt(address), &href);
    }
}

/// Names the digest of a file of the site's own that never changes, unless the page names one itself.
fn name_digest(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>, reference: &str) {
    if element.has_attribute("integrity") || !is_html(element) {
        return;
    }
    let place = place_of_nonce(element);
    let mut state = state.borrow_mut();
    let Some(digest) = state.own_digest(reference).filter(|_| !state.has_given_up) else { return };
    let bytes = format!(" integrity=\"{}\"", digest.integrity()).into_bytes();
    state.stream.change(Change { at: place, instead_of: 0, bytes });
}

/// An element whose content lies at an address: its verdict is known at once.
fn elsewhere(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>, item: Item, reference: &str) {
    let own = attribute(element, "nonce");
    let place = place_of_nonce(element);
    let mut state = state.borrow_mut();
    let verdict = state.judge(&item, own.as_deref());
    if verdict == Verdict::Blessed {
        state.bless(place);
    }
    state.note_unless_echoed(item, verdict, reference);
}

/// An element with its content in the page: it waits for its end.
fn inline(state: &Rc<RefCell<State>>, element: &mut Element<'_, '_>, item: fn(&str) -> Item) {
    let own = attribute(element, "nonce");
    let place = place_of_nonce(element);
    let content = element.start_tag().source_location().bytes().end;
    let Some(ends) = element.end_tag_handlers() else { return };
    if state.borrow().has_given_up {
        return;
    }
    state.borrow_mut().stream.hold();
    let state = Rc::clone(state);
    ends.push(Box::new(move |end| {
        let mut state = state.borrow_mut();
        let until = end.source_location().bytes().start;
        // Nothing is held any more when the content was too long: it went without a nonce.
        let text = state.stream.held(content, until).map(|bytes| state.text(bytes));
        let Some(text) = text else { return Ok(()) };
        let item = item(&text);
        let verdict = state.judge(&item, own.as_deref());
        if verdict == Verdict::Blessed {
            state.bless(place);
        }
        if let (Asker::Script, Item::Script { text: digest, .. }) = (state.page.asker, &item) {
            let inserted = Item::InsertedScript(*digest);
            state.note_unless_echoed(inserted, Verdict::NeedsHash, &text);
        }
        if state.note_unless_echoed(item, verdict, &text) && state.page.depth == Depth::Everything {
            state.note_names(&text);
        }
        state.stream.release();
        Ok(())
    }));
}

fn attribute(element: &Element<'_, '_>, name: &str) -> Option<String> {
    element.get_attribute(name).map(|value| unescape_attribute(value).into_owned())
}

/// Right behind the name: of two attributes with one name the first counts, so an old nonce is no hindrance.
fn place_of_nonce(element: &mut Element<'_, '_>) -> usize {
    let name = element.tag_name().len();
    element.start_tag().source_location().bytes().start + 1 + name
}

const fn kind_of(item: &Item) -> Kind {
    if item.is_script() { Kind::Script } else { Kind::Style }
}

impl State {
    fn judge(&self, item: &Item, own_nonce: Option<&str>) -> Verdict {
        let is_own = own_nonce.is_some_and(|nonce| self.page.own_nonces.iter().any(|known| known == nonce));
        if is_own {
            Verdict::OwnNonce
        } else if self.has_given_up || !self.own_policies.give_way(kind_of(item), own_nonce) {
            Verdict::Withheld
        } else if self.page.unknown == Unknown::Bless || self.inventory.knows(item) {
            Verdict::Blessed
        } else {
            Verdict::Withheld
        }
    }

    /// Inserts nothing more: from here on it is not certain what is an element.
    fn give_up(&mut self) {
        self.has_given_up = true;
        self.summary.is_partial = true;
        self.stream.release();
    }

    fn bless(&mut self, place: usize) {
        let bytes = format!(" nonce=\"{}\"", self.page.nonce).into_bytes();
        self.stream.change(Change { at: place, instead_of: 0, bytes });
    }

    /// Has a policy of the page name our nonce as well: of two attributes with one name the first counts.
    fn meet(&mut self, policy: &str, place: usize) {
        if self.has_given_up {
            if names_nonce(policy) {
                self.own_policies.leave();
            }
        } else if let Some(met) = self.own_policies.meet(policy, &self.page.nonce) {
            let escaped = met.replace('&', "&amp;").replace('"', "&quot;");
            let bytes = format!(" content=\"{escaped}\"").into_bytes();
            self.stream.change(Change { at: place, instead_of: 0, bytes });
        }
        self.summary.has_unmet_policy |= self.own_policies.has_unmet();
    }

    fn note(&mut self, item: Item, verdict: Verdict) {
        if self.summary.seen.len() < MOST_SEEN {
            self.summary.seen.push(Seen { item, verdict });
        } else {
            self.summary.is_cut = true;
        }
    }

    /// Notes code, unless the page repeats it from its address and it is not known otherwise; says whether it did.
    fn note_unless_echoed(&mut self, item: Item, verdict: Verdict, code: &str) -> bool {
        let is_echo = !self.inventory.knows(&item) && self.echo.holds(code);
        if is_echo {
            self.summary.echoed += 1;
        } else {
            self.note(item, verdict);
        }
        !is_echo
    }

    /// Notes what a page has many of, such as pictures of one origin, once.
    fn note_once(&mut self, item: Item, verdict: Verdict) {
        if self.addresses.contains(&item) {
            return;
        }
        if self.addresses.len() >= MOST_ADDRESSES {
            self.summary.is_cut = true;
            return;
        }
        self.addresses.insert(item.clone());
        self.note(item, verdict);
    }

    fn note_names(&mut self, text: &str) {
        for origin in references::named(text) {
            self.note_once(Item::Names(origin), Verdict::ByAddress);
        }
    }

    /// Returns the digest of a file of the page's own origin, if it never changes.
    fn own_digest(&self, reference: &str) -> Option<Digest> {
        let url = self.base.as_ref().unwrap_or(&self.page.url).join(reference).ok()?;
        if url.origin() != self.page.url.origin() {
            return None;
        }
        self.inventory.files.digest(&url[url::Position::BeforePath..url::Position::AfterQuery])
    }

    /// Returns where something comes from, unless it is the page's own origin.
    fn other_origin(&self, reference: &str) -> Option<Box<str>> {
        let base = self.base.as_ref().unwrap_or(&self.page.url);
        let url = base.join(reference.trim()).ok()?;
        if url.origin() == self.page.url.origin() { None } else { references::origin(&url) }
    }

    /// Returns the text as a browser hashes it: decoded, with line feeds alone (HTML, 13.2.3.5).
    fn text(&self, bytes: &[u8]) -> String {
        let (text, _) = self.encoding.decode_without_bom_handling(bytes);
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into_owned() }
    }

    /// Returns the address that an item is known by: without query and fragment, and for the site's own files the
    /// path of the folder alone, since their names change with every release.
    fn address(&self, reference: &str) -> Box<str> {
        let base = self.base.as_ref().unwrap_or(&self.page.url);
        let Ok(mut url) = base.join(reference) else { return Box::from("invalid:") };
        if url.cannot_be_a_base() {
            return format!("{}:", url.scheme()).into();
        }
        url.set_query(None);
        url.set_fragment(None);
        let _ = url.set_username("");
        let _ = url.set_password(None);
        if url.origin() == self.page.url.origin() {
            let folder = url.path().rfind('/').map_or(0, |at| at + 1);
            // Without the host: a site has several names, and its files are the same under each.
            return url.path().get(..folder).unwrap_or("/").into();
        }
        String::from(url).into()
    }
}
