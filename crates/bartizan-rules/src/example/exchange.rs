//! Requests and answers of an example, a line each, as `curl -v` marks them.
//!
//! `> GET https://app.example/` begins a request, `< 200` its answer; lines of both follow with the same mark, and
//! after an empty one the body. What an exchange is good for follows from it: an `Origin` makes it a question of
//! another origin, a 404 an error page, `TRACE` and paths of leftovers a probe; all others make chains. The same page
//! asked for `over IPv4` and `over IPv6` is one fact.

use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::markup;
use crate::facts::{Asked, Chain, CrossOriginAnswer, End, Facts, Families, Probe, Purpose, Response, Stranger};
use crate::leaks::file_exposed::FILES;

struct Exchange {
    method: Method,
    /// What stands behind the address.
    over: String,
    headers: HeaderMap,
    response: Response,
}

/// Returns the facts of an example.
pub(crate) fn exchange(text: &str) -> Facts {
    let mut facts = Facts::default().at_time(NOW.parse().expect("a time written out in this file"));
    let (mut open, mut pages): (Vec<Response>, Vec<Response>) = (Vec::new(), Vec::new());
    let mut families: Vec<Response> = Vec::new();
    for exchange in parts(text).iter().filter_map(|part| read(part)) {
        let response = exchange.response.clone();
        let url = response.url().clone();
        if exchange.over.starts_with("over IPv") {
            families.push(response);
        } else if let Some(probe) = probe(&exchange) {
            facts = facts.with_probe(probe);
        } else if let Some(answer) = answer(&exchange) {
            facts = facts.with_cross_origin_answer(answer);
        } else if url.path() == "/.well-known/security.txt" {
            facts = facts.with_security_txt(response);
        } else if response.status().is_client_error() || response.status().is_server_error() {
            facts = facts.with_error_page(response);
        } else if let Some(first) = pages.iter().find(|page| *page.url() == url) {
            facts = facts.with_repeat(first.clone(), response);
        } else {
            open.push(response.clone());
            if !response.status().is_redirection() {
                facts = facts.with_chain(chain(std::mem::take(&mut open)));
                facts = facts.with_page(markup::parse(url, response.body().unwrap_or_default()));
                facts = facts.with_response(response.clone(), response.at());
                pages.push(response);
            }
        }
    }
    if let [ipv4, ipv6] = &families[..] {
        let page = ipv4.url().clone();
        facts = facts.with_families(Families { page, ipv4: Ok(ipv4.clone()), ipv6: Ok(ipv6.clone()) });
    }
    if open.is_empty() { facts } else { facts.with_chain(chain(open)) }
}

/// Cuts the text before each line that begins a request.
fn parts(text: &str) -> Vec<Vec<&str>> {
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        match parts.last_mut() {
            Some(part) if !begins_request(line) => part.push(line),
            _ => parts.push(vec![line]),
        }
    }
    parts
}

/// Whether a method stands behind the mark, and not the name of a field.
fn begins_request(line: &str) -> bool {
    line.strip_prefix("> ").and_then(|rest| rest.split_once(' ')).is_some_and(|(word, _)| !word.ends_with(':'))
}

fn read(lines: &[&str]) -> Option<Exchange> {
    let mut asked = lines.iter().filter_map(|line| line.strip_prefix("> "));
    let (method, url) = asked.next()?.split_once(' ')?;
    let (url, over) = url.split_once(' ').unwrap_or((url, ""));
    let headers = fields(asked.filter_map(|line| line.split_once(": ")));
    let mut answered = lines.iter().filter_map(|line| line.strip_prefix('<')).map(|line| line.trim_start_matches(' '));
    let status = StatusCode::from_bytes(answered.next()?.as_bytes()).ok()?;
    let head = answered.by_ref().take_while(|line| !line.is_empty());
    let lines = fields(head.filter_map(|line| line.split_once(": ")));
    let body = answered.collect::<Vec<_>>().join("\n");
    let response = Response::new(Url::parse(url).ok()?, status, &lines).with_body(body);
    Some(Exchange { method: method.parse().ok()?, over: over.to_owned(), headers, response })
}

fn fields<'a>(lines: impl Iterator<Item = (&'a str, &'a str)>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let (Ok(name), Ok(value)) = (name.parse::<http::HeaderName>(), value.parse()) else { continue };
        headers.append(name, value);
    }
    headers
}

fn chain(responses: Vec<Response>) -> Chain {
    let asked = responses.first().map_or_else(|| Response::example("").url().clone(), |first| first.url().clone());
    let purpose = match (asked.host_str(), asked.path()) {
        (Some("www.app.example"), _) => Purpose::Sister,
        (_, "/") => Purpose::Site,
        _ => Purpose::Path,
    };
    let is_open = responses.last().is_some_and(|last| last.status().is_redirection());
    let end = if is_open { End::Unreachable("connection refused".to_owned()) } else { End::Answered };
    Chain { asked, purpose, responses, end, is_trusted: true }
}

fn answer(exchange: &Exchange) -> Option<CrossOriginAnswer> {
    let origin = exchange.headers.get("origin")?.to_str().ok()?.to_owned();
    let stranger = match origin.as_str() {
        "null" => Stranger::Null,
        "http://app.example" => Stranger::PlainHttp,
        name if name.contains("app.example") => Stranger::Lookalike,
        _ => Stranger::Foreign,
    };
    Some(CrossOriginAnswer { origin, stranger, method: exchange.method.clone(), response: exchange.response.clone() })
}

fn probe(exchange: &Exchange) -> Option<Probe> {
    let sent = |name: &str| exchange.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let path = exchange.response.url().path();
    let asked = if exchange.method == Method::TRACE {
        Asked::Trace(sent("x-probe").unwrap_or_default())
    } else if sent("x-http-method-override").is_some() {
        Asked::MethodOverride
    } else if path.ends_with(".map") {
        Asked::SourceMap
    } else if let Some(host) = path.strip_prefix("//") {
        Asked::Redirect(host.to_owned())
    } else if let Some(host) = sent("host") {
        Asked::UnknownHost(host)
    } else if let Some(host) = sent("x-forwarded-host") {
        Asked::ForwardedHost(host)
    } else if let Some(file) = FILES.iter().find(|file| file.path == path) {
        Asked::File(file.path)
    } else if path.len() > 1 && path.ends_with('/') {
        Asked::Directory
    } else {
        return None;
    };
    Some(Probe { asked, response: exchange.response.clone(), baseline: None })
}

/// When the examples were written, as far as they are concerned.
const NOW: &str = "2026-06-01T00:00:00Z";
