//! What stands around every page: head, menu, who is signed in, what must not be overlooked.

use super::{PAGES, Page, Place, Section};
use crate::access::Visitor;
use crate::assets::{PICTURE, SCRIPT, STYLE};
use crate::html::{Address, Html, Tag, tag};
use crate::sign_in;

/// What stands around one page.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    /// The page.
    pub(crate) page: &'static Page,
    /// Who sees it.
    pub(crate) visitor: &'a Visitor,
    /// Whether there is a wall to be shown.
    pub(crate) has_wall: bool,
}

impl Frame<'_> {
    /// Returns the whole document.
    pub(crate) fn around(&self, content: Html) -> Html {
        let notice = matches!(self.visitor, Visitor::Anybody).then(|| {
            tag("p")
                .class("notice")
                .put("Nobody signs in here: whoever uses this machine sees and does everything. To change that, write a ")
                .put(tag("code").put("[[dashboard.user]]"))
                .put(" with what ")
                .put(tag("code").put("bartizan dashboard hash-password"))
                .put(" makes.")
        });
        let menu = tag("details")
            .class("menu")
            .put(tag("summary").put("Menu"))
            .put(tag("nav").set("aria-label", "Menu").put(self.menu()));
        let live = tag("div")
            .class("live")
            .set("id", "live")
            .flag("hidden", true)
            .put(tag("span").set("role", "status").put("Live"));
        let live = live.put(tag("button").set("type", "button").put("Pause"));
        let header = tag("header")
            .class("top")
            .put(tag("a").class("brand").to(&Address::of("/")).put(picture()).put("Bartizan"))
            .put(live)
            .put(self.who())
            .put(menu);
        let main = tag("main")
            .set("id", "main")
            .set("tabindex", "-1")
            .all(notice)
            .put(tag("h1").put(self.page.title))
            .put(content);
        let body = tag("body")
            .put(tag("a").class("skip").leads_to_id("main").put("Skip to the content"))
            .put(header)
            .put(tag("nav").class("side").set("aria-label", "Pages").put(self.menu()))
            .put(main);
        document(self.page.title, body)
    }

    fn menu(&self) -> Html {
        let sections = [(Section::Browsers, "Browsers"), (Section::Wall, "Wall"), (Section::Work, "Work")];
        let sections = sections.into_iter().filter(|(section, _)| self.has_wall || *section != Section::Wall);
        let lists = sections.map(|(section, name)| {
            let pages = PAGES.iter().filter(|page| page.place == Place::Menu(section));
            let pages = pages.filter(|page| page.role <= self.visitor.role());
            let links = pages.map(|page| tag("li").put(self.link(page)));
            tag("div").put(tag("p").put(name)).put(tag("ul").all(links))
        });
        Html::all(lists)
    }

    fn link(&self, page: &Page) -> Tag {
        let link = tag("a").to(&Address::of(page.path)).put(page.title);
        if page.path == self.page.path {
            link.set("aria-current", "page")
        } else if self.page.place == Place::Below(page.path) {
            link.set("aria-current", "true")
        } else {
            link
        }
    }

    fn who(&self) -> Html {
        match self.visitor {
            Visitor::Anybody => Html::nothing(),
            Visitor::User { name, role } => tag("form")
                .class("who")
                .sends("post", &Address::of(sign_in::OUT))
                .put(tag("span").put(crate::html::short(name, 40)).put(format!(" ({role})")))
                .put(tag("button").set("type", "submit").put("Sign out"))
                .into(),
        }
    }
}

/// Returns a document without a menu.
pub(crate) fn bare(title: &str, main: Html) -> Html {
    let brand = tag("span").class("brand").put(picture()).put("Bartizan");
    document(title, tag("body").put(tag("header").class("top").put(brand)).put(main))
}

fn picture() -> Tag {
    tag("img").loads("src", &Address::of(PICTURE.path)).set("alt", "").set("width", "24").set("height", "24")
}

fn document(title: &str, body: Tag) -> Html {
    let head = tag("head")
        .put(tag("meta").set("charset", "utf-8"))
        .put(tag("title").put(format!("{title} · Bartizan")))
        .put(tag("meta").set("name", "viewport").set("content", "width=device-width, initial-scale=1"))
        .put(tag("meta").set("name", "color-scheme").set("content", "light dark"))
        .put(tag("link").set("rel", "icon").loads("href", &Address::of(PICTURE.path)))
        .put(tag("link").set("rel", "stylesheet").loads("href", &Address::of(STYLE.path)))
        .put(tag("script").loads("src", &Address::of(SCRIPT.path)).flag("defer", true));
    tag("html").set("lang", "en").put(head).put(body).into()
}
