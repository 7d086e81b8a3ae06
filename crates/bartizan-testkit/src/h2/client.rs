//! A connection on which a test speaks HTTP/2 by hand, and what became of its streams.

use std::io;

use super::frame::{Frame, PREFACE, flag, kind};
use super::hpack::{Decoder, Field};
use crate::WireClient;

/// What became of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The connection was closed without a word.
    Closed,
    /// The connection is being closed, with this error code.
    GoAway(u32),
    /// The stream was reset, with this error code; what came before is kept.
    Reset(u32, Answer),
    /// It ended as it should.
    Response(Answer),
}

/// A response as far as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Its status; zero until a final one came.
    pub status: u16,
    /// Its header lines.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
    /// Its trailer lines.
    pub trailers: Vec<(String, String)>,
}

/// A connection on which a test speaks HTTP/2 by hand.
#[derive(Debug)]
pub struct H2Client {
    /// The connection below, for bytes that are no frame.
    pub wire: WireClient,
    decoder: Decoder,
}

impl H2Client {
    /// Begins HTTP/2: sends the preface with no settings of its own.
    pub fn new(wire: WireClient) -> Self {
        Self::with_settings(wire, &[])
    }

    /// Begins HTTP/2 with settings, such as a window of zero.
    ///
    /// # Panics
    ///
    /// When the other side has gone.
    pub fn with_settings(mut wire: WireClient, settings: &[(u16, u32)]) -> Self {
        wire.send(&[PREFACE, &Frame::settings(settings).bytes()].concat());
        Self { wire, decoder: Decoder::default() }
    }

    /// Sends a frame.
    ///
    /// # Panics
    ///
    /// When the other side has gone.
    pub fn send(&mut self, frame: &Frame) {
        self.wire.send(&frame.bytes());
    }

    /// Sends a frame to a side that may have gone.
    ///
    /// # Errors
    ///
    /// When it has.
    pub fn try_send(&mut self, frame: &Frame) -> io::Result<()> {
        self.wire.try_send(&frame.bytes())
    }

    /// Sends a GET for a path of a host, with further lines.
    ///
    /// # Panics
    ///
    /// When the other side has gone.
    pub fn get(&mut self, stream: u32, authority: &str, path: &str, more: &[(&[u8], &[u8])]) {
        let head: [(&[u8], &[u8]); 4] = [
            (b":method", b"GET"),
            (b":scheme", b"https"),
            (b":authority", authority.as_bytes()),
            (b":path", path.as_bytes()),
        ];
        self.send(&Frame::headers(stream, flag::END_STREAM, &[&head[..], more].concat()));
    }

    /// Reads the next frame, and answers settings and pings as a peer must.
    ///
    /// # Errors
    ///
    /// When the connection ends first.
    pub fn read(&mut self) -> io::Result<Frame> {
        let frame = Frame::read(&mut self.wire)?;
        if matches!(frame.kind, kind::SETTINGS | kind::PING) && frame.flags & flag::ACK == 0 {
            let payload = if frame.kind == kind::PING { frame.payload.clone() } else { Vec::new() };
            // A side that has closed already gets no answer; what it said before still counts.
            let _ = self.try_send(&Frame::new(frame.kind, flag::ACK, 0, payload));
        }
        Ok(frame)
    }

    /// Reads until it is clear what became of a stream; other streams' frames are passed over.
    ///
    /// # Panics
    ///
    /// When nothing comes before the deadline, or a header block is malformed.
    pub fn outcome(&mut self, stream: u32) -> Outcome {
        let mut answer = Answer::default();
        let mut block = Vec::new();
        let mut is_last = false;
        loop {
            let frame = match self.read() {
                Ok(frame) => frame,
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    panic!("nothing became of stream {stream}; so far {answer:?}")
                }
                Err(_) => return Outcome::Closed,
            };
            match frame.kind {
                kind::GOAWAY if frame.code() != Some(0) => return Outcome::GoAway(frame.code().unwrap_or_default()),
                kind::RST_STREAM if frame.stream == stream => {
                    return Outcome::Reset(frame.code().unwrap_or_default(), answer);
                }
                kind::HEADERS | kind::CONTINUATION => {
                    is_last |= frame.stream == stream && frame.kind == kind::HEADERS && frame.ends_stream();
                    block.extend_from_slice(&frame.payload);
                    if frame.flags & flag::END_HEADERS == 0 {
                        continue;
                    }
                    // Every block passes through the decoder, or its table would be wrong for the next.
                    let fields = self.decoder.decode(&std::mem::take(&mut block)).unwrap();
                    if frame.stream == stream {
                        answer.take(&fields);
                    }
                }
                kind::DATA if frame.stream == stream => {
                    is_last |= frame.ends_stream();
                    let length = u32::try_from(frame.payload.len()).unwrap();
                    answer.body.extend_from_slice(&frame.payload);
                    if length > 0 && !is_last {
                        let _ = self.try_send(&Frame::window(0, length));
                        let _ = self.try_send(&Frame::window(stream, length));
                    }
                }
                _ => {}
            }
            if is_last {
                return Outcome::Response(answer);
            }
        }
    }
}

impl Outcome {
    /// Returns the status of a response that came whole.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Response(answer) => Some(answer.status),
            Self::Closed | Self::GoAway(_) | Self::Reset(..) => None,
        }
    }
}

impl Answer {
    /// Returns the value of a header's first line.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn take(&mut self, fields: &[Field]) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let lines: Vec<_> = fields.iter().map(|(name, value)| (text(name), text(value))).collect();
        match lines.iter().find(|(name, _)| name == ":status") {
            // An interim response (RFC 9110, 15.2) is not the answer.
            Some((_, status)) if status.starts_with('1') => {}
            Some((_, status)) => {
                self.status = status.parse().unwrap_or_default();
                self.headers = lines.into_iter().filter(|(name, _)| !name.starts_with(':')).collect();
            }
            None => self.trailers = lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use bytes::Bytes;
    use http_body_util::{BodyExt, Full};
    use hyper::service::service_fn;
    use hyper::{Request, Response, body::Incoming};
    use hyper_util::rt::{TokioExecutor, TokioIo};

    use super::*;

    /// A server that is not ours, on a thread of its own: sends back the body, or sixty-four letters.
    fn server() -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
            runtime.block_on(async {
                let (socket, _) = listener.accept().unwrap();
                socket.set_nonblocking(true).unwrap();
                let socket = TokioIo::new(tokio::net::TcpStream::from_std(socket).unwrap());
                let service = service_fn(|request: Request<Incoming>| async {
                    let kept = request.headers().get("x-kept").cloned();
                    let mut body = request.into_body().collect().await?.to_bytes();
                    if body.is_empty() {
                        body = Bytes::from(vec![b'x'; 100_000]);
                    }
                    let mut response = Response::new(Full::new(body));
                    response.headers_mut().extend(kept.map(|value| (hyper::header::SERVER, value)));
                    Ok::<_, hyper::Error>(response)
                });
                // How it ends is the client's doing.
                let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                    .serve_connection(socket, service)
                    .await;
            });
        });
        address
    }

    #[test]
    fn a_server_of_others_understands_and_is_understood() {
        let mut client = H2Client::new(WireClient::plain(server()));
        for stream in [1, 3] {
            client.get(stream, "a.example", "/", &[(b"x-kept", b"yes")]);
            let Outcome::Response(answer) = client.outcome(stream) else { panic!("no response") };
            assert_eq!((answer.status, answer.body.len(), answer.header("server")), (200, 100_000, Some("yes")));
        }
        let head: [(&[u8], &[u8]); 4] =
            [(b":method", b"POST"), (b":scheme", b"http"), (b":authority", b"a.example"), (b":path", b"/")];
        client.send(&Frame::headers(5, flag::NONE, &head));
        client.send(&Frame::data(5, flag::END_STREAM, "hi"));
        let Outcome::Response(answer) = client.outcome(5) else { panic!("no response") };
        assert_eq!(answer.body, b"hi");

        client.send(&Frame::data(0, flag::NONE, "no stream"));
        assert_eq!(client.outcome(9), Outcome::GoAway(1));

        let mut client = H2Client::new(WireClient::plain(server()));
        client.get(1, "a.example", "/", &[(b"connection", b"close")]);
        assert!(matches!(client.outcome(1), Outcome::Reset(1, _)), "a malformed request ends its stream only");
    }
}
