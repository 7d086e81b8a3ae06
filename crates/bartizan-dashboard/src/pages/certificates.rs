//! The certificates that sites show, the next to end first.

use super::overview::{nothing, panel, plural};
use super::{Ask, Fault, Page, Place, Section};
use crate::access::Role;
use crate::chart::{Column, head, scrolled};
use crate::html::{Html, Tag, short, tag};
use crate::wall::Certificate;
use crate::when;

pub(super) static PAGE: Page = Page {
    path: "/certificates",
    title: "Certificates",
    place: Place::Menu(Section::Wall),
    role: Role::Viewer,
    build,
    act: None,
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let now = ask.now;
    let mut certificates = ask.wall()?.certificates();
    certificates.sort_by_key(|certificate| certificate.not_after);
    if certificates.is_empty() {
        return Ok(nothing("Nothing listens for TLS here, so no certificate is shown to anybody."));
    }
    let rows = certificates.iter().take(MOST).map(|certificate| {
        let names = certificate.names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
        tag("tr")
            .put(tag("td").put(state(certificate, now)))
            .put(tag("th").set("scope", "row").put(short(&names, 300)))
            .put(tag("td").put(short(&certificate.issuer, 120)))
            .put(tag("td").class("day").put(when::day(certificate.not_before.saturating_mul(1000))))
            .put(tag("td").class("day").put(when::day(certificate.not_after.saturating_mul(1000))))
            .put(tag("td").put(short(&certificate.sites.join(", "), 300)))
    });
    let head = head(&[
        Column::Text("State"),
        Column::Text("Names"),
        Column::Text("Issuer"),
        Column::Text("From"),
        Column::Text("Until"),
        Column::Text("Sites"),
    ]);
    let table = tag("table").put(head).put(tag("tbody").all(rows));
    Ok(panel("certificates", "Shown to browsers", scrolled("Certificates", table)).into())
}

fn state(certificate: &Certificate, now: i64) -> Tag {
    let days = days(certificate, now);
    let (class, text) = match days {
        _ if certificate.is_local => ("mark medium", "local, no browser knows it".to_owned()),
        ..0 => ("mark high", "ended".to_owned()),
        0..7 => ("mark high", left(days)),
        7..21 => ("mark medium", left(days)),
        _ => ("mark fine", left(days)),
    };
    tag("span").class(class).put(text)
}

/// Returns how long the next to end has left, and which it is.
pub(super) fn next(certificates: &[Certificate], now: i64) -> (String, String) {
    let own = certificates.iter().filter(|certificate| !certificate.is_local);
    match own.min_by_key(|certificate| certificate.not_after) {
        Some(next) if days(next, now) < 0 => ("ended".to_owned(), next.names.first().cloned().unwrap_or_default()),
        Some(next) => (left(days(next, now)), format!("until the next ends, {}", next.names.join(", "))),
        None if certificates.is_empty() => ("none".to_owned(), "nothing speaks TLS here".to_owned()),
        None => ("local".to_owned(), "of our own authority, renewed by itself".to_owned()),
    }
}

fn days(certificate: &Certificate, now: i64) -> i64 {
    certificate.not_after.saturating_sub(now / 1000).div_euclid(86_400)
}

fn left(days: i64) -> String {
    plural(days.unsigned_abs(), "day")
}

const MOST: usize = 500;

const MOST_NAMES: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(days: i64, is_local: bool) -> Certificate {
        let not_after = days * 86_400;
        let names = vec!["a.example".to_owned()];
        Certificate { sites: Vec::new(), names, issuer: String::new(), not_before: 0, not_after, is_local }
    }

    #[test]
    fn the_next_to_end_is_named() {
        for (certificates, expected) in [
            (vec![], "none"),
            (vec![certificate(5, true)], "local"),
            (vec![certificate(90, false), certificate(5, false)], "5 days"),
            (vec![certificate(1, false)], "1 day"),
            (vec![certificate(-1, false)], "ended"),
        ] {
            assert_eq!(next(&certificates, 0).0, expected);
        }
    }
}
