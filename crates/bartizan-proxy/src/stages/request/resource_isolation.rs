//! Resource isolation: other sites may link here, and load nothing.
//!
//! A request is let through when one of these holds:
//!
//! - the stage is off;
//! - it has no `Sec-Fetch-Site`: an older browser, a program, or a page over plain HTTP;
//! - `Sec-Fetch-Site` is `same-origin`, `same-site` or `none`;
//! - it is a navigation (`Sec-Fetch-Mode: navigate`) by GET or HEAD, and not into an `<object>` or `<embed>`;
//! - its `Origin` is one of the trusted origins.

use bartizan_headers::fetch_metadata::{FetchDest, FetchMode, FetchSite};
use bartizan_headers::field::Field;
use bartizan_rules::{Explanation, Platform, Reference};
use http::{HeaderMap, Method, StatusCode, header};

use super::cross_origin;
use crate::config::{Csrf, ResourceIsolation};
use crate::context::Exchange;
use crate::head::RequestHead;
use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind, RequestStage, Verdict};

/// Refuses what other sites load, but not what they link to.
#[derive(Debug)]
pub struct Isolation {
    mode: ResourceIsolation,
    csrf: Csrf,
}

impl Isolation {
    /// Makes the stage for a policy; the trusted origins are those of the defence against forged requests.
    pub fn new(mode: ResourceIsolation, csrf: &Csrf) -> Self {
        Self { mode, csrf: csrf.clone() }
    }
}

impl RequestStage for Isolation {
    fn name(&self) -> &'static str {
        "resource-isolation"
    }

    fn describe(&self) -> String {
        match self.mode {
            ResourceIsolation::Off => "off",
            ResourceIsolation::On => "other sites may link, and load nothing",
        }
        .to_owned()
    }

    fn head(&self, request: &mut RequestHead, _exchange: &mut Exchange) -> Verdict {
        if self.mode == ResourceIsolation::Off || !request.headers.contains_key(FetchSite::NAME) {
            return Verdict::Pass;
        }
        let site = read::<FetchSite>(&request.headers);
        if matches!(site, Some(FetchSite::None | FetchSite::SameOrigin | FetchSite::SameSite)) {
            return Verdict::Pass;
        }
        let dest = read::<FetchDest>(&request.headers);
        let is_navigation = matches!(request.method, Method::GET | Method::HEAD)
            && read::<FetchMode>(&request.headers) == Some(FetchMode::Navigate)
            && !matches!(dest, Some(FetchDest::Embed | FetchDest::Object));
        if is_navigation {
            return Verdict::Pass;
        }
        let origin = request.headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()?.parse().ok());
        if cross_origin::is_trusted(&self.csrf, origin.as_ref()) {
            return Verdict::Pass;
        }
        let dest = dest.map_or_else(String::new, |dest| format!("{dest}"));
        Verdict::Refuse(Refusal::new(&FOREIGN_LOAD).because(dest))
    }
}

fn read<T: Field>(headers: &HeaderMap) -> Option<T> {
    let text = headers.get(T::NAME)?.to_str().ok()?;
    T::parse(&[text]).value
}

/// Another site loads a resource.
pub static FOREIGN_LOAD: RefusalKind = RefusalKind {
    about: Explanation {
        id: "foreign-load",
        title: "Another site loads a resource of this one",
        why: "A foreign page that loads images, scripts or data from here with a visitor's cookies can learn from sizes, \
              errors and timing what that visitor would see. This site lets other sites link to it, and load nothing.",
        fix: &[
            (
                Platform::Bartizan,
                "# for what is meant to be embedded\n[[site.route]]\npath = \"/embed/\"\nresource_isolation = \"off\"",
            ),
            (Platform::Client, "Open the address itself instead of embedding it."),
        ],
        references: &[
            Reference::Spec("Fetch Metadata Request Headers", "https://www.w3.org/TR/fetch-metadata/"),
            Reference::Mdn("Sec-Fetch-Site"),
            Reference::Cwe(346),
        ],
    },
    status: StatusCode::FORBIDDEN,
    after: After::Keep,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    #[test]
    fn links_pass_and_loads_do_not() {
        let csrf = Csrf { trusted_origins: vec!["https://ok.example".parse().unwrap()], ..Csrf::default() };
        let stage = Isolation::new(ResourceIsolation::On, &csrf);
        for (method, fields, expected) in [
            ("GET", &[][..], "pass"),
            ("GET", &[("sec-fetch-site", "same-origin")], "pass"),
            ("GET", &[("sec-fetch-site", "same-site")], "pass"),
            ("GET", &[("sec-fetch-site", "none")], "pass"),
            ("GET", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], "foreign-load"),
            ("GET", &[("sec-fetch-site", "tea")], "foreign-load"),
            ("GET", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], "pass"),
            ("POST", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], "foreign-load"),
            (
                "GET",
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "embed")],
                "foreign-load",
            ),
            (
                "GET",
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors"), ("origin", "https://ok.example")],
                "pass",
            ),
        ] {
            let ask = || fields.iter().fold(Ask::new(method, "/"), |ask, (name, value)| ask.with(name, value));
            assert_eq!(outcome(&stage, &mut ask()), expected, "{method} {fields:?}");
            assert_eq!(outcome(&Isolation::new(ResourceIsolation::Off, &csrf), &mut ask()), "pass");
        }
    }
}
