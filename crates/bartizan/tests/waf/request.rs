//! A request that is sent over each protocol, and what became of it.

use bartizan_testkit::h2::{Frame, H2Client, Outcome, flag, kind};

use crate::wall::Wall;

/// A request for `app.example`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether its body has chunks (HTTP/1.1) instead of a length.
    pub(crate) is_chunked: bool,
}

/// The status and the page of an answer.
pub(crate) type Answer = (u16, String);

impl Ask {
    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self { method: "GET", target: target.into(), ..Self::default() }
    }

    pub(crate) fn post(target: &str, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let ask = Self { method: "POST", target: target.to_owned(), body: body.into(), ..Self::default() };
        ask.field("content-type", kind)
    }

    pub(crate) fn form(body: impl Into<Vec<u8>>) -> Self {
        Self::post("/form", "application/x-www-form-urlencoded", body)
    }

    pub(crate) fn field(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn chunked(self) -> Self {
        Self { is_chunked: true, ..self }
    }

    /// Its bytes over HTTP/1.1.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\nHost: app.example\r\n", self.method, self.target).into_bytes();
        for (name, value) in self.fields.iter().chain(&browser()) {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        if self.is_chunked {
            bytes.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
            // Cut in the midst of whatever it says.
            for piece in self.body.chunks(7.max(self.body.len() / 9)) {
                bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
                bytes.extend_from_slice(piece);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            if self.method != "GET" {
                bytes.extend_from_slice(format!("Content-Length: {}\r\n", self.body.len()).as_bytes());
            }
            bytes.extend_from_slice(b"\r\n");
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }

    /// Sends it over HTTP/1.1.
    pub(crate) fn http1(&self, wall: &Wall) -> Answer {
        let mut client = wall.plain();
        // It may be refused before all of it is sent.
        let _ = client.try_send(&self.bytes());
        let answer =
            client.try_read_response().unwrap_or_else(|error| panic!("{error}: {} {}", self.method, self.target));
        (answer.status, answer.text())
    }

    /// Sends it over HTTP/2.
    pub(crate) fn http2(&self, wall: &Wall) -> Answer {
        let mut client = wall.h2();
        let length = self.body.len().to_string();
        let more = browser();
        let mut head: Vec<(&[u8], &[u8])> = vec![
            (b":method", self.method.as_bytes()),
            (b":scheme", b"https"),
            (b":authority", b"app.example"),
            (b":path", self.target.as_bytes()),
        ];
        head.extend(self.fields.iter().chain(&more).map(|(name, value)| (name.as_bytes(), value.as_bytes())));
        if self.method != "GET" && !self.is_chunked {
            head.push((b"content-length", length.as_bytes()));
        }
        let is_bodiless = self.body.is_empty();
        client.send(&Frame::headers(1, if is_bodiless { flag::END_STREAM } else { flag::NONE }, &head));
        send_body(&mut client, 1, &self.body);
        match client.outcome(1) {
            Outcome::Response(answer) => (answer.status, String::from_utf8_lossy(&answer.body).into_owned()),
            // Refused without waiting for the rest of the body (RFC 9113, 8.1).
            Outcome::Reset(0, answer) => (answer.status, String::from_utf8_lossy(&answer.body).into_owned()),
            other => panic!("{other:?}: {} {}", self.method, self.target),
        }
    }

    /// Sends it over both.
    pub(crate) fn both(&self, wall: &Wall) -> [(&'static str, Answer); 2] {
        [("HTTP/1.1", self.http1(wall)), ("HTTP/2", self.http2(wall))]
    }
}

/// Sends a body as the windows allow (RFC 9113, 6.9); the stream is the first with a body on its connection.
pub(crate) fn send_body(client: &mut H2Client, stream: u32, mut body: &[u8]) {
    let (mut whole, mut own) = (GRANTED, GRANTED);
    while !body.is_empty() {
        let room = FRAME.min(body.len()).min(usize::try_from(whole.min(own)).unwrap_or(0));
        if let Some((piece, rest)) = body.split_at_checked(room).filter(|_| room > 0) {
            let flags = if rest.is_empty() { flag::END_STREAM } else { flag::NONE };
            if client.try_send(&Frame::data(stream, flags, piece)).is_err() {
                return;
            }
            (whole, own, body) = (whole - piece.len() as i64, own - piece.len() as i64, rest);
            continue;
        }
        let frame = client.read().unwrap();
        match (frame.kind, frame.stream) {
            (kind::SETTINGS, _) => {
                for pair in frame.payload.chunks_exact(6).filter(|pair| pair[1] == 4) {
                    own += i64::from(u32::from_be_bytes(*pair.last_chunk().unwrap())) - GRANTED;
                }
            }
            (kind::WINDOW_UPDATE, id) => {
                let more = i64::from(u32::from_be_bytes(*frame.payload.first_chunk().unwrap()));
                *(if id == 0 { &mut whole } else { &mut own }) += more;
            }
            (kind::HEADERS | kind::RST_STREAM | kind::GOAWAY, _) => panic!("answered before the body was whole"),
            _ => {}
        }
    }
}

/// What every browser sends, so that rules find nothing odd in its absence.
fn browser() -> [(String, String); 2] {
    [("accept".to_owned(), "*/*".to_owned()), ("user-agent".to_owned(), "Mozilla/5.0".to_owned())]
}

/// The window at first (RFC 9113, 6.9.2).
const GRANTED: i64 = 65_535;

/// The largest frame without an agreement (RFC 9113, 6.5.2).
const FRAME: usize = 16 * 1024;

/// Returns a multipart body of one field, and its type.
pub(crate) fn multipart(name: &str, value: &str) -> (String, String) {
    let body = format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--part--\r\n");
    ("multipart/form-data; boundary=part".to_owned(), body)
}
