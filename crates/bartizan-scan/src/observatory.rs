//! The requests of the Observatory, in its order, and what it would grade.

use std::time::Duration;

use bartizan_rules::observatory::{Algorithm, Answer, Retrieval};
use tokio::time::timeout;
use url::Url;

use crate::client::{Client, Verification};
use crate::http::{Request, Response};
use crate::jar::Jar;
use crate::session::{Hop, Manner, Session};
use crate::target::{Scheme, Target};

/// What the Observatory's requests brought.
#[derive(Debug)]
pub struct Visit {
    /// The visit that began over plain HTTP, if it was made.
    pub http: Option<Session>,
    /// The visit that began over HTTPS, if it was made.
    pub https: Option<Session>,
    /// The answer to the request for `robots.txt`.
    pub robots: Option<Hop>,
    /// The answer to the preflight, whatever its status.
    pub preflight: Option<Hop>,
}

const ACCEPT: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
const ROBOTS_ACCEPT: (&str, &str) = ("Accept", "text/plain,*/*;q=0.8");
const ANY_ACCEPT: (&str, &str) = ("Accept", "application/json, text/plain, */*");
const USER_AGENT: (&str, &str) = (
    "User-Agent",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:129.0) Gecko/20100101 Firefox/129.0 Observatory/129.0",
);
const ACCEPT_ENCODING: (&str, &str) = ("Accept-Encoding", "gzip, compress, deflate, br");
pub(crate) const ORIGIN: (&str, &str) = ("Origin", "https://http-observatory.security.mozilla.org");
const PREFLIGHT: (&str, &str) = ("Access-Control-Request-Method", "GET");

/// A session may take a little longer than one of its requests: ten seconds beside nine.
fn session_patience(request: Duration) -> Duration {
    request + request / 9
}

/// Makes the requests.
pub async fn visit(client: &Client, target: &Target, algorithm: Algorithm, own_lines: &[(String, String)]) -> Visit {
    let patience = session_patience(client.patience);
    let manner = Manner { lines: &[ACCEPT, USER_AGENT, ACCEPT_ENCODING], own_lines, patience };
    let (plain, secure) = addresses(client, target, algorithm).await;
    let begin = async |start: Option<Url>| match start {
        Some(start) => Some(Session::visit(client, start, manner).await),
        None => None,
    };
    let (http, https) = tokio::join!(begin(plain), begin(secure));

    let mut visit = Visit { http, https, robots: None, preflight: None };
    visit.ask_more(client, own_lines, patience).await;
    visit
}

/// Returns the two addresses at which visits begin.
async fn addresses(client: &Client, target: &Target, algorithm: Algorithm) -> (Option<Url>, Option<Url>) {
    let port = target.port();
    let plain = |port| Some(target.address("http", port));
    let secure = |port| Some(target.address("https", port));
    match (port, target.scheme()) {
        (None, _) => (plain(None), secure(None)),
        // Whoever names a plain address with a port means that one; what listens on 443 may be somebody else.
        (Some(_), Scheme::Http) => (plain(port), None),
        (Some(_), Scheme::Https) => (plain(None), secure(port)),
        (Some(_), Scheme::Unsaid) if algorithm == Algorithm::V4 => (plain(port), secure(port)),
        (Some(_), Scheme::Unsaid) => {
            if speaks_tls(client, target, port).await {
                (plain(None), secure(port))
            } else {
                (plain(port), secure(None))
            }
        }
    }
}

/// Whether a port speaks TLS, as later algorithms find out.
async fn speaks_tls(client: &Client, target: &Target, port: Option<u16>) -> bool {
    let request = Request { method: "HEAD", url: target.address("https", port), lines: vec![] };
    let request = request.with(ACCEPT.0, ANY_ACCEPT.1);
    client.ask(&request, Verification::Skipped).await.is_ok_and(|response| response.head.status < 500)
}

impl Visit {
    /// Returns the session whose last answer is graded.
    pub fn graded(&self) -> Option<&Session> {
        let answered = |session: &&Session| session.last().is_some();
        self.https.as_ref().filter(answered).or_else(|| self.http.as_ref().filter(answered))
    }

    fn graded_mut(&mut self) -> Option<&mut Session> {
        let answered = |session: &&mut Session| session.last().is_some();
        self.https.as_mut().filter(answered).or_else(|| self.http.as_mut().filter(answered))
    }

    /// Asks for `robots.txt` and sends a preflight, in the session that is graded.
    async fn ask_more(&mut self, client: &Client, own_lines: &[(String, String)], patience: Duration) {
        let Some(session) = self.graded() else { return };
        let verification = session.verification();
        let own = |url: &Url| if url.origin() == session.start.origin() { own_lines } else { &[] };
        let Ok(robots_url) = session.start.join("/robots.txt") else { return };
        let mut preflight_url = session.last().map_or_else(|| session.start.clone(), |hop| hop.url.clone());

        let robots = request("GET", &robots_url, &[ROBOTS_ACCEPT, USER_AGENT, ACCEPT_ENCODING], own(&robots_url));
        // Only after a bad certificate does the peer's second client keep cookies.
        let mut jar = (verification == Verification::Skipped).then(|| session.jar.clone());
        let following = Following { client, verification, jar: jar.as_mut() };
        let robots = timeout(patience, following.ask(robots)).await.ok().flatten();
        if verification == Verification::Skipped && robots.as_ref().is_some_and(is_success) {
            // ... and then it takes that request for the last of the visit.
            preflight_url = robots_url;
        }

        let lines = &[ANY_ACCEPT, USER_AGENT, ACCEPT_ENCODING, PREFLIGHT, ORIGIN];
        let preflight = request("OPTIONS", &preflight_url, lines, own(&preflight_url));
        let following = Following { client, verification, jar: jar.as_mut() };
        let preflight = timeout(patience, following.ask(preflight)).await.ok().flatten();
        if let (Some(jar), Some(session)) = (jar, self.graded_mut()) {
            session.jar = jar;
        }
        self.robots = robots;
        self.preflight = preflight;
    }

    /// Returns what an algorithm grades.
    pub fn retrieval(&self, target: &Target, algorithm: Algorithm) -> Retrieval {
        let answer = |session: &Option<Session>| {
            let session = session.as_ref()?;
            session.last().map(|hop| answer(&hop.response, session.verification()))
        };
        let markup = self.graded().and_then(Session::last).map(|hop| markup(&hop.response, algorithm));
        let route = self.http.iter().flat_map(|session| &session.route).map(|hop| hop.url.clone());
        Retrieval {
            host: target.host().to_owned(),
            http: answer(&self.http),
            https: answer(&self.https),
            http_route: route.collect(),
            cookies: self.graded().map(|session| session.jar.cookies().collect()).unwrap_or_default(),
            preflight: self
                .preflight
                .as_ref()
                .filter(|hop| is_success(hop))
                .map(|hop| hop.response.head.latin1_lines()),
            markup: markup.unwrap_or_default(),
        }
    }
}

fn request(method: &'static str, url: &Url, lines: &[(&str, &str)], own_lines: &[(String, String)]) -> Request {
    let lines = lines.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Request { method, url: url.clone(), lines: lines.chain(own_lines.iter().cloned()).collect() }
}

fn is_success(hop: &Hop) -> bool {
    (200..300).contains(&hop.response.head.status)
}

fn answer(response: &Response, verification: Verification) -> Answer {
    let head = &response.head;
    Answer { status: head.status, is_verified: verification == Verification::Required, lines: head.latin1_lines() }
}

fn markup(response: &Response, algorithm: Algorithm) -> bartizan_rules::observatory::Markup {
    let text = text(&response.body);
    let mut markup = crate::html::markup(&text, algorithm);
    let content_type = response.head.text("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default();
    if !matches!(essence, "text/html" | "application/xhtml+xml") {
        // The peer looks for policies only where the type says so, whatever it does with scripts.
        markup.policies.clear();
        markup.referrer = None;
    }
    markup
}

/// Returns a body as the peer's library hands it on: UTF-8, without a mark, and unpacked where it is JSON.
fn text(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let begins_json = text.trim_start().starts_with(['"', '{', '[', '-', 't', 'f', 'n']) || begins_with_digit(text);
    if !begins_json {
        return text.to_owned();
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::String(text)) => text,
        // Any other value has no tags.
        Ok(_) => String::new(),
        Err(_) => text.to_owned(),
    }
}

fn begins_with_digit(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// A request that follows redirects by itself and leaves no trace of them.
struct Following<'a> {
    client: &'a Client,
    verification: Verification,
    jar: Option<&'a mut Jar>,
}

impl Following<'_> {
    async fn ask(mut self, mut request: Request) -> Option<Hop> {
        let first = request.url.origin();
        for _ in 0..=10 {
            let mut sent = request.clone();
            if let Some(jar) = self.jar_for(&request.url)
                && let Some(line) = jar.line(&request.url, jiff::Timestamp::now().as_second())
            {
                sent = sent.with("Cookie", line);
            }
            let response = self.client.ask(&sent, self.verification).await.ok()?;
            if let Some(jar) = self.jar_for(&request.url) {
                for value in response.head.values("set-cookie") {
                    jar.set(&crate::http::latin1(value), &request.url);
                }
            }
            let status = response.head.status;
            let location = response.head.text("location").filter(|_| (300..400).contains(&status));
            let Some(location) = location else { return Some(Hop { url: request.url, response }) };
            request.url = request.url.join(&location).ok()?;
            if status == 303 {
                request.method = "GET";
            }
            if request.url.origin() != first {
                request
                    .lines
                    .retain(|(name, _)| !["cookie", "authorization"].contains(&name.to_ascii_lowercase().as_str()));
            }
        }
        None
    }

    /// Returns the jar, which only the agent for TLS has.
    fn jar_for(&mut self, url: &Url) -> Option<&mut Jar> {
        self.jar.as_deref_mut().filter(|_| url.scheme() == "https")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_handed_on_as_the_peer_does() {
        for (body, handed) in [
            (&b"\xef\xbb\xbf<p>"[..], "<p>"),
            (b"\"<p>\"", "<p>"),
            (b"{\"a\":\"<p>\"}", ""),
            (b"12", ""),
            (b"no <p>", "no <p>"),
            (b"\xff", "\u{fffd}"),
        ] {
            assert_eq!(text(body), handed);
        }
    }
}
