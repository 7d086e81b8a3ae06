//! What is read from Set-Cookie, noted on the way, and written back.

use super::*;

fn read(line: &str) -> SetCookie {
    SetCookie::parse(&[line]).value.unwrap()
}

#[test]
fn lines_are_read_as_browsers_read_them() {
    for (line, canonical, notes) in [
        ("sid=1", Some("sid=1"), 0),
        ("sid = \"a b\" ;secure; HTTPONLY ;path=/;", Some("sid=\"a b\"; Secure; HttpOnly; Path=/"), 0),
        ("a=b=c; Max-Age=0", Some("a=b=c; Max-Age=0"), 0),
        ("a=b; Max-Age=soon", Some("a=b; Max-Age=soon"), 1),
        ("a=b; SameSite=Maybe; Priority=High", Some("a=b; SameSite=Maybe; Priority=High"), 2),
        ("a=b; Secure=false", Some("a=b; Secure"), 0),
        ("alone", Some("=alone"), 1),
        ("a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Some("a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT"), 0),
        ("", None, 1),
        ("=", None, 1),
        ("a=b\u{1}", None, 1),
    ] {
        let parsed = SetCookie::parse(&[line]);
        assert_eq!(parsed.value.map(|cookie| cookie.to_string()).as_deref(), canonical, "{line}");
        assert_eq!(parsed.notes.len(), notes, "{line}: {:?}", parsed.notes);
    }
    assert_eq!(SetCookie::parse(&[&format!("a={}", "x".repeat(4096))]).value, None);
}

#[test]
fn the_last_attribute_counts() {
    for (line, same_site, path, domain) in [
        ("a=b; SameSite=None; SameSite=Lax", Some(SameSite::Lax), None, None),
        ("a=b; Path=/x; Path=/", None, Some("/"), None),
        ("a=b; Path=x; Domain=", None, None, None),
        ("a=b; Domain=.shop.example", None, None, Some(".shop.example")),
    ] {
        let cookie = read(line);
        assert_eq!((cookie.same_site(), cookie.path(), cookie.domain()), (same_site, path, domain), "{line}");
    }
}

#[test]
fn prefixes_are_promises() {
    for (line, prefix, is_kept) in [
        ("sid=1", None, true),
        ("__Host-sid=1; Secure; Path=/", Some(Prefix::Host), true),
        ("__host-sid=1; Path=/", Some(Prefix::Host), false),
        ("__Host-sid=1; Secure", Some(Prefix::Host), false),
        ("__Host-sid=1; Secure; Path=/; Domain=a.example", Some(Prefix::Host), false),
        ("__Secure-sid=1; Secure; Domain=a.example", Some(Prefix::Secure), true),
        ("__Secure-sid=1", Some(Prefix::Secure), false),
    ] {
        let cookie = read(line);
        assert_eq!((cookie.prefix(), cookie.keeps_prefix()), (prefix, is_kept), "{line}");
    }
}

#[test]
fn removals_are_told_from_cookies() {
    for (line, is_removal) in [
        ("a=; Max-Age=0", true),
        ("a=; Max-Age=-5", true),
        ("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", true),
        ("a=; Max-Age=9; Expires=Thu, 01-Jan-1970 00:00:00 GMT", false),
        ("a=b; Expires=Wed, 01 Jan 2070 00:00:00 GMT", false),
        ("a=b", false),
    ] {
        assert_eq!(read(line).is_removal(), is_removal, "{line}");
    }
}

#[test]
fn hardening_keeps_the_rest() {
    for (hardened, line) in [
        (read("sid=1; Path=/").secured().secured(), "sid=1; Path=/; Secure"),
        (read("sid=1; SameSite=None").same_site_unless_said(SameSite::Lax), "sid=1; SameSite=None"),
        (read("sid=1").same_site_unless_said(SameSite::None), "sid=1; SameSite=None; Secure"),
        (read("sid=1; X=y; Path=/").host_prefixed(), "__Host-sid=1; X=y; Path=/; Secure"),
        (read("__Secure-sid=1; Domain=a").host_prefixed(), "__Host-sid=1; Path=/; Secure"),
        (read("sid=1; Domain=a").secure_prefixed(), "__Secure-sid=1; Domain=a; Secure"),
        (read("sid=1; Path=/app; Max-Age=9").removed(), "sid=; Path=/app; Max-Age=0"),
        (SetCookie::session("sid", "1"), "__Host-sid=1; Path=/; Secure; HttpOnly; SameSite=Lax"),
    ] {
        assert_eq!(hardened.to_string(), line);
        assert!(hardened.keeps_prefix(), "{line}");
    }
    assert!(read("sid=1; Path=/").can_be_host_prefixed());
    assert!(!read("sid=1").can_be_host_prefixed());
}
