//! Signing in and out: the form, the password, the cookie.
//!
//! Whoever is refused learns that name and password do not go together, and no more: not whether there is such a user,
//! not by how long it takes.

use std::net::IpAddr;

use bytes::Bytes;
use http::header::{ACCEPT, RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};

use crate::access::PasswordHash;
use crate::access::names::Way;
use crate::dashboard::{Body, Dashboard, html, is_form, plain, see_other, ticket};
use crate::html::{Address, tag};
use crate::pages;
use crate::query::Query;

/// Shows the form, or looks at what was filled in.
pub(crate) async fn answer(
    dashboard: &Dashboard,
    request: &Request<Bytes>,
    way: &Way,
    client: IpAddr,
) -> Response<Body> {
    if dashboard.settings().users.is_empty() {
        return see_other(&Address::of("/"));
    }
    if *request.method() != Method::POST {
        let query = Query::parse(request.uri().query().unwrap_or_default().as_bytes());
        return form(StatusCode::OK, query.text("to"), None);
    }
    if !is_form(request.headers()) {
        return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "this is no form\n");
    }
    let filled = Query::parse(request.body());
    let (name, password) = (filled.text("name").unwrap_or_default(), filled.text("password").unwrap_or_default());
    let to = filled.text("to");
    if name.len() > LONGEST || password.len() > LONGEST {
        return form(StatusCode::FORBIDDEN, to, Some(WRONG));
    }
    if !dashboard.inner().throttle.take(client, name, dashboard.now().unsigned_abs()) {
        tracing::warn!(%client, user = ?name, "too many attempts to sign in to the dashboard");
        let mut response = form(StatusCode::TOO_MANY_REQUESTS, to, Some(TOO_MANY));
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("30"));
        return response;
    }
    let users = dashboard.settings();
    let user = users.users.iter().find(|user| user.name == name);
    // The dearest there is, so that a name that is nobody's takes as long.
    let dearest = users.users.iter().map(|user| &user.password).max_by_key(|password| password.cost());
    let nobody = dearest.map_or_else(PasswordHash::of_nobody, PasswordHash::like);
    let hash = user.map_or(nobody, |user| user.password.clone());
    let tried = password.to_owned();
    let fits = dashboard.work(move || hash.fits(&tried)).await.unwrap_or(false);
    let Some(user) = user.filter(|_| fits) else {
        tracing::warn!(%client, user = ?name, "an attempt to sign in to the dashboard failed");
        return form(StatusCode::FORBIDDEN, to, Some(WRONG));
    };
    let begun =
        dashboard.inner().sessions.begin(&user.name, &user.password.to_string(), dashboard.now().unsigned_abs());
    let Some(ticket) = begun else { return plain(StatusCode::INTERNAL_SERVER_ERROR, "there is no randomness\n") };
    dashboard.inner().throttle.forgive(client, name);
    tracing::info!(%client, user = ?name, "signed in to the dashboard");
    let mut response = see_other(&meant(to));
    set_cookie(response.headers_mut(), way, &ticket.0, None);
    response
}

/// Ends the session.
pub(crate) fn out(dashboard: &Dashboard, headers: &HeaderMap, way: &Way) -> Response<Body> {
    if let Some(ticket) = ticket(headers, way) {
        dashboard.inner().sessions.end(&ticket);
    }
    let mut response = see_other(&Address::of(IN));
    set_cookie(response.headers_mut(), way, "", Some(0));
    response
}

/// Sends somebody who has to sign in first to the form, and a program away.
pub(crate) fn first(request: &Request<Bytes>) -> Response<Body> {
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if *request.method() == Method::GET && accept.contains("text/html") {
        let to = request.uri().path_and_query().map_or("/", |target| target.as_str());
        return see_other(&Address::of(IN).with_some("to", Some(to).filter(|to| *to != "/")));
    }
    plain(StatusCode::UNAUTHORIZED, "sign in first\n")
}

fn form(status: StatusCode, to: Option<&str>, trouble: Option<&str>) -> Response<Body> {
    let trouble = trouble.map(|trouble| tag("p").class("trouble").set("role", "alert").put(trouble));
    let to = to.map(|to| tag("input").set("type", "hidden").set("name", "to").set("value", to));
    let field = |name: &'static str, kind: &str, label: &str, complete: &str| {
        let input = tag("input").set("id", name).set("name", name).set("type", kind).set("autocomplete", complete);
        let input = input.set("maxlength", &LONGEST.to_string()).flag("required", true);
        let input = if name == "name" { input.set("autocapitalize", "none").flag("autofocus", true) } else { input };
        tag("p").put(tag("label").set("for", name).put(label)).put(input)
    };
    let form = tag("form")
        .sends("post", &Address::of(IN))
        .all(to)
        .put(field("name", "text", "Name", "username"))
        .put(field("password", "password", "Password", "current-password"))
        .put(tag("p").put(tag("button").set("type", "submit").put("Sign in")));
    let main = tag("main").class("door").put(tag("h1").put("Sign in")).all(trouble).put(form);
    html(status, pages::bare("Sign in", main.into()))
}

/// Returns where somebody wanted to go, if that is a page of ours.
fn meant(to: Option<&str>) -> Address {
    let Some(to) = to else { return Address::of("/") };
    let (path, query) = to.split_once('?').unwrap_or((to, ""));
    match pages::find(path) {
        Some(page) => Address::of(page.path).with_query(query),
        None => Address::of("/"),
    }
}

/// `__Host-` keeps neighbours on sibling domains from planting a session; browsers take it over TLS alone.
pub(crate) fn cookie_name(way: &Way) -> &'static str {
    if way.is_secure() { "__Host-bartizan" } else { "bartizan" }
}

fn set_cookie(headers: &mut HeaderMap, way: &Way, value: &str, age: Option<u32>) {
    let secure = if way.is_secure() { "; Secure" } else { "" };
    let age = age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    let name = cookie_name(way);
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.append(SET_COOKIE, line);
    }
}

pub(crate) const IN: &str = "/sign-in";

pub(crate) const OUT: &str = "/sign-out";

const WRONG: &str = "Name and password do not go together.";

const TOO_MANY: &str = "Too many attempts. Wait half a minute and try again.";

/// The bytes of a name or a password that are looked at; more is nobody's.
const LONGEST: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_pages_of_ours_alone() {
        for (to, expected) in [
            (None, "/"),
            (Some("/firewall"), "/firewall"),
            (Some("/violations?site=a&text=%3Cb%3E"), "/violations?site=a&text=%3Cb%3E"),
            (Some("//evil.example"), "/"),
            (Some("https://evil.example/"), "/"),
            (Some("/violations?a=b\r\nSet-Cookie: x=y"), "/violations?a=b%0D%0ASet-Cookie%3A+x%3Dy"),
            (Some("/sign-out"), "/"),
        ] {
            assert_eq!(meant(to).as_str(), expected, "{to:?}");
        }
    }
}
