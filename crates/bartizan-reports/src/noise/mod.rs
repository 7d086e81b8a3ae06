//! Marks reports that are not the site's doing: extensions, apps, filters on the way, injected code, foreign pages.
//!
//! A mark is a fact about one report; rarity across clients is judged over a group, when it is read. Marked
//! reports are counted apart and never dropped: the marks can be forged, and each answer is 204 all the same.

mod facts;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::address;
use crate::report::Report;

/// Whose doing a report is, if not the site's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A host that adware injects.
    Adware,
    /// An app or the browser itself.
    App,
    /// A page that the browser shows instead of the site's.
    BrowserPage,
    /// A browser extension.
    Extension,
    /// A filter on the way or on the device: antivirus, company proxy, data saver.
    Filter,
    /// A page of another site; its policy is not ours.
    ForeignPage,
    /// Code that others put into the page.
    Injected,
    /// A program on the visitor's own machine.
    Local,
}

impl Class {
    /// Every class.
    pub const ALL: &'static [Self] = &[
        Self::Adware,
        Self::App,
        Self::BrowserPage,
        Self::Extension,
        Self::Filter,
        Self::ForeignPage,
        Self::Injected,
        Self::Local,
    ];

    /// Returns the class of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.as_str() == name)
    }

    /// Returns the name, as lists and filters spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Adware => "adware",
            Self::App => "app",
            Self::BrowserPage => "browser-page",
            Self::Extension => "extension",
            Self::Filter => "filter",
            Self::ForeignPage => "foreign-page",
            Self::Injected => "injected",
            Self::Local => "local",
        }
    }
}

/// Returns whose doing a report is, by what is known; `hosts` are the site's own, and none means not known.
pub fn class(report: &Report<'_>, hosts: &[String]) -> Option<Class> {
    let addresses = ["blockedURL", "sourceFile"];
    let of_address = addresses.iter().find_map(|name| address_class(report.text(name)?, report));
    of_address
        .or_else(|| report.text("sample").and_then(sample_class))
        .or_else(|| report.text("blockedURL").and_then(browser_page))
        .or_else(|| foreign(report, hosts))
}

fn address_class(text: &str, report: &Report<'_>) -> Option<Class> {
    let scheme = text.split(':').next().unwrap_or_default();
    if let Some((_, class)) = facts::SCHEMES.iter().find(|(known, _)| scheme.eq_ignore_ascii_case(known)) {
        return Some(*class);
    }
    let host = address::host(text)?;
    if is_local(&host) {
        let is_at_home = address::host(&report.url).is_some_and(|page| is_local(&page));
        return (!is_at_home).then_some(Class::Local);
    }
    known_host(&host)
}

/// Looks a host up, and then each that it lies below: the table is long, and every report asks.
fn known_host(host: &str) -> Option<Class> {
    static EXACT: LazyLock<HashMap<&str, Class>> = LazyLock::new(|| facts::HOSTS.iter().copied().collect());
    if let Some(class) = EXACT.get(host) {
        return Some(*class);
    }
    std::iter::successors(Some(host), |rest| rest.split_once('.').map(|(_, parent)| parent)).find_map(|name| {
        let mut dotted = [0; LONGEST_HOST];
        let dotted = dotted.get_mut(..=name.len())?;
        let (dot, rest) = dotted.split_first_mut()?;
        *dot = b'.';
        rest.copy_from_slice(name.as_bytes());
        EXACT.get(std::str::from_utf8(dotted).ok()?).copied()
    })
}

/// With the dot before it; no longer host can be in the table.
const LONGEST_HOST: usize = 256;

fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1")
}

/// Whether a host is the one named or, after a dot, that one or below it.
fn is_below(host: &str, known: &str) -> bool {
    match known.strip_prefix('.') {
        Some(parent) => host == parent || host.ends_with(known),
        None => host == known,
    }
}

fn sample_class(sample: &str) -> Option<Class> {
    facts::MARKS.iter().find_map(|(mark, class)| sample.contains(mark).then_some(*class))
}

/// `about` and `data` as the document are a frame of the site's own; as what was blocked they are not.
fn browser_page(blocked: &str) -> Option<Class> {
    let is_page = blocked == "about" || blocked.starts_with("about:") || blocked.ends_with("chromewebdata");
    is_page.then_some(Class::BrowserPage)
}

fn foreign(report: &Report<'_>, hosts: &[String]) -> Option<Class> {
    if hosts.is_empty() {
        return None;
    }
    // Frames without an address of their own carry the site's policy.
    let host = address::host(&report.url)?;
    (!hosts.iter().any(|known| is_below(&host, known))).then_some(Class::ForeignPage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Queries;
    use crate::json::{Limits, read};

    #[track_caller]
    fn check(fields: &str, expected: Option<Class>) {
        let text = format!("{{\"csp-report\":{{\"document-uri\":\"https://a.example/\",{fields}}}}}");
        let batch = crate::shape::reports(read(text.as_bytes(), Limits::default()).unwrap(), 1, Queries::Drop).unwrap();
        assert_eq!(class(&batch.reports[0], &["a.example".to_owned()]), expected, "{fields}");
    }

    #[test]
    fn what_others_do_is_marked_and_what_the_site_does_is_not() {
        for (fields, expected) in [
            (r#""blocked-uri":"chrome-extension""#, Some(Class::Extension)),
            (r#""blocked-uri":"chrome-extension://abc/x.js""#, Some(Class::Extension)),
            (r#""blocked-uri":"inline","source-file":"moz-extension""#, Some(Class::Extension)),
            (r#""blocked-uri":"https://ff.kaspersky-labs.com/x""#, Some(Class::Filter)),
            (r#""blocked-uri":"https://notkaspersky-labs.com/x""#, None),
            (r#""blocked-uri":"http://localhost:9000/x""#, Some(Class::Local)),
            (r#""blocked-uri":"inline","script-sample":"window.klTabId_kis = 1""#, Some(Class::Filter)),
            (r#""blocked-uri":"about:blank""#, Some(Class::BrowserPage)),
            (r#""blocked-uri":"https://cdn.example/chrome-extension.js""#, None),
            (r#""blocked-uri":"inline""#, None),
            (r#""blocked-uri":"data""#, None),
        ] {
            check(fields, expected);
        }
    }

    #[test]
    fn a_page_of_another_site_is_foreign_where_the_sites_hosts_are_known() {
        let text = br#"{"csp-report":{"document-uri":"https://b.example/","blocked-uri":"inline"}}"#;
        let batch = crate::shape::reports(read(text, Limits::default()).unwrap(), 1, Queries::Drop).unwrap();
        for (hosts, expected) in [
            (vec!["a.example".to_owned()], Some(Class::ForeignPage)),
            (vec!["b.example".to_owned()], None),
            (vec![".example".to_owned()], None),
            (vec![], None),
        ] {
            assert_eq!(class(&batch.reports[0], &hosts), expected, "{hosts:?}");
        }
    }

    #[test]
    fn the_tables_are_in_lower_case_and_name_nothing_twice() {
        for table in [facts::SCHEMES, facts::HOSTS] {
            let mut names: Vec<_> = table.iter().map(|(name, _)| *name).collect();
            assert!(names.iter().all(|name| !name.bytes().any(|byte| byte.is_ascii_uppercase())));
            names.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }
}
