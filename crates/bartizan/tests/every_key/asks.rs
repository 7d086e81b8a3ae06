//! Exchanges as a client makes them, and what is seen of them.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use bartizan_proxy::serve::Running;
use bartizan_testkit::h2::{Frame, H2Client, Outcome, flag, kind};
use bartizan_testkit::{RawResponse, TlsOptions, Trust, WireClient};

use super::Seen;

/// A request to the site.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a str,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    pub(crate) more: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a str,
}

impl<'a> Ask<'a> {
    /// A GET for a path of `app.example`.
    pub(crate) const fn get(path: &'a str) -> Self {
        Self { method: "GET", host: HOST, path, more: &[], body: "" }
    }

    /// A POST of a body.
    pub(crate) const fn post(path: &'a str, body: &'a str) -> Self {
        Self { method: "POST", host: HOST, path, more: &[], body }
    }

    /// The bytes of HTTP/1.1.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self { method, host, path, more, body } = self;
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        for (name, value) in *more {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        format!("{text}\r\n{body}").into_bytes()
    }

    /// Asks over one HTTP/2 connection.
    pub(crate) fn over_http2(&self, client: &mut H2Client, stream: u32) -> Outcome {
        let head = [(":method", self.method), (":scheme", "https"), (":authority", self.host), (":path", self.path)];
        let fields: Vec<_> =
            head.iter().chain(self.more).map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        if self.body.is_empty() {
            client.send(&Frame::headers(stream, flag::END_STREAM, &fields));
        } else {
            client.send(&Frame::headers(stream, flag::NONE, &fields));
            // A refusal may have come first, and the stream be gone.
            let _ = client.try_send(&Frame::data(stream, flag::END_STREAM, self.body));
        }
        client.outcome(stream)
    }

    /// Asks on connections of its own, over HTTP/1.1 and HTTP/2.
    pub(crate) fn both(&self, wall: &Running) -> Seen {
        vec![("HTTP/1.1", self.first(wall)), ("HTTP/2", self.second(wall))]
    }

    /// Asks over HTTP/1.1.
    pub(crate) fn first(&self, wall: &Running) -> String {
        let mut client = http1(wall);
        client.send(&self.bytes());
        client.try_read_response().map_or_else(|_| "closed".to_owned(), |response| shape(&response))
    }

    /// Asks over HTTP/2.
    pub(crate) fn second(&self, wall: &Running) -> String {
        match self.over_http2(&mut http2(wall), 1) {
            Outcome::Response(answer) | Outcome::Reset(_, answer) => {
                lines(answer.status, &answer.headers, &String::from_utf8_lossy(&answer.body))
            }
            Outcome::Closed => "closed".to_owned(),
            Outcome::GoAway(code) => format!("going away: {code}"),
        }
    }

    /// Asks over plain HTTP.
    pub(crate) fn plain(&self, wall: &Running) -> String {
        shape(&WireClient::plain(wall.addresses().http[0]).ask(&self.bytes()))
    }
}

/// A connection over TLS that speaks HTTP/1.1.
pub(crate) fn http1(wall: &Running) -> WireClient {
    let options = TlsOptions::new(&Trust::DangerousAnyone, HOST, &["http/1.1"]);
    WireClient::tls(wall.addresses().tls[0], &options).unwrap()
}

/// A connection over TLS that speaks HTTP/2.
pub(crate) fn http2(wall: &Running) -> H2Client {
    let options = TlsOptions::new(&Trust::DangerousAnyone, HOST, &["h2"]);
    H2Client::new(WireClient::tls(wall.addresses().tls[0], &options).unwrap())
}

/// All of a response that is the same each time.
pub(crate) fn shape(response: &RawResponse) -> String {
    lines(response.status, &response.headers, &response.text())
}

fn lines(status: u16, headers: &[(String, String)], body: &str) -> String {
    let mut text = format!("{status}\n");
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        if name != "date" {
            text.push_str(&format!("{name}: {value}\n"));
        }
    }
    without_ids(&format!("{text}\n{body}"))
}

/// Replaces the number of the exchange, which is another each time.
pub(crate) fn without_ids(text: &str) -> String {
    let is_id = |word: &str| word.len() == 16 && word.bytes().all(|byte| CROCKFORD.contains(&byte));
    let words = text.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric());
    let replaced = words.map(|word| {
        let bare = word.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
        if is_id(bare) { word.replace(bare, "ID") } else { word.to_owned() }
    });
    replaced.collect()
}

/// Whether a connection stays open and silent for longer than a short limit takes.
pub(crate) fn rest(client: &mut WireClient) -> String {
    if client.is_silent_for(PATIENCE) { "stays".to_owned() } else { "ends".to_owned() }
}

/// As [`rest`], over HTTP/2: settings and windows are no answer.
pub(crate) fn rest_over_http2(client: &mut H2Client) -> String {
    client.wire.socket().set_read_timeout(Some(PATIENCE)).unwrap();
    loop {
        match client.read() {
            Ok(frame) if matches!(frame.kind, kind::SETTINGS | kind::WINDOW_UPDATE | kind::PING) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return "stays".to_owned();
            }
            _ => return "ends".to_owned(),
        }
    }
}

/// Asks again and again until something is so, or the patience is over.
pub(crate) fn soon(mut is_so: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if is_so() {
            return true;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    false
}

pub(crate) const HOST: &str = "app.example";

/// Longer than short limits take (the sweeper comes twice a second), also on a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(4);

/// The letters of an exchange's number.
const CROCKFORD: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";
