//! A wall in front of an app that writes everything down, and the two questions asked of each request.

use std::io::{self, Read};
use std::path::Path;

use bartizan_testkit::h2::H2Client;
use bartizan_testkit::{Program, RawResponse, RecordedRequest, RecordingUpstream, TlsOptions, Trust, WireClient};

/// The program under attack, with one site `app.example`, and its app.
pub(crate) struct Wall {
    pub(crate) program: Program,
    pub(crate) app: RecordingUpstream,
}

/// What a client saw of one connection until it was closed.
pub(crate) struct Seen {
    /// Every answer, in order; each was well-formed.
    pub(crate) answers: Vec<RawResponse>,
    /// What came after the last whole answer.
    pub(crate) rest: Vec<u8>,
}

impl Wall {
    /// Starts one before an app that answers "ok" to everything.
    pub(crate) fn new() -> Self {
        Self::with("", "")
    }

    /// Starts one with further keys of the server and of the site.
    pub(crate) fn with(server: &str, site: &str) -> Self {
        Self::before(RecordingUpstream::answering("ok"), server, site)
    }

    /// Starts one before another app.
    pub(crate) fn before(app: RecordingUpstream, server: &str, site: &str) -> Self {
        let url = app.url();
        let site = format!(
            "[[site]]\nhosts = [\"app.example\"]\nhttps = {{ redirect = \"dangerous_plain_http\" }}\n\
             upstream = [\"{url}\"]\n{site}\n"
        );
        let program = Program::serve(BINARY, 2, |ports, directory| config(ports, directory, server, &site));
        Self { program, app }
    }

    /// Starts one whose sites are written by the test.
    pub(crate) fn of_sites(server: &str, sites: impl FnOnce(&str) -> String) -> Self {
        let app = RecordingUpstream::answering("ok");
        let sites = sites(&app.url());
        let program = Program::serve(BINARY, 2, |ports, directory| config(ports, directory, server, &sites));
        Self { program, app }
    }

    /// Connects to the port without TLS.
    pub(crate) fn plain(&self) -> WireClient {
        WireClient::plain(self.program.address(1))
    }

    /// Connects over TLS for a name.
    pub(crate) fn tls(&self, name: &str, protocol: &str) -> WireClient {
        let options = TlsOptions::new(&Trust::DangerousAnyone, name, &[protocol]);
        WireClient::tls(self.program.address(0), &options).unwrap()
    }

    /// Connects over HTTP/2 for `app.example`.
    pub(crate) fn http2(&self) -> H2Client {
        H2Client::new(self.tls("app.example", "h2"))
    }

    /// Sends bytes on a connection of their own and reads until the wall closes it, which is the wall's to do.
    pub(crate) fn send(&self, bytes: &[u8]) -> Seen {
        let mut client = self.plain();
        // The wall may have refused and gone before all was sent.
        let _ = client.try_send(bytes);
        read_all(&mut client, &bytes.escape_ascii().to_string())
    }

    /// Asserts that bytes are answered with one error page of ours and a closed connection, that nothing of them
    /// became a whole request at the app, and that the next visitor notices nothing.
    pub(crate) fn refuses(&self, attack: &[u8]) -> RawResponse {
        let told = attack.escape_ascii().to_string();
        let before = self.whole_requests();
        let mut seen = self.send(attack);
        assert_eq!(seen.answers.len(), 1, "{told}\n{:?}", seen.answers);
        let answer = seen.answers.remove(0);
        assert!(matches!(answer.status, 400..=431 | 501 | 505), "{told}\n{answer:?}");
        assert!(is_page_of_ours(&answer), "{told}\n{answer:?}");
        assert!(seen.rest.is_empty(), "{told}\n{}", seen.rest.escape_ascii());
        assert_eq!(self.whole_requests(), before, "{told}");
        self.next_visitor(&told);
        answer
    }

    /// Asserts that bytes are one request that reaches the app, and returns it as it arrived.
    pub(crate) fn passes(&self, request: &[u8]) -> RecordedRequest {
        let told = request.escape_ascii().to_string();
        let before = self.app.requests().len();
        let mut client = self.plain();
        client.send(request);
        let answer = client.try_read_response().unwrap_or_else(|error| panic!("{error}: {told}"));
        assert_eq!((answer.status, answer.text().as_str()), (200, "ok"), "{told}\n{answer:?}");
        let mut requests = self.app.requests();
        assert_eq!(requests.len(), before + 1, "{told}");
        let request = requests.remove(before);
        assert!(request.is_complete, "{told}");
        request
    }

    /// Asserts that another client gets the answer to its own request, over a pooled connection.
    pub(crate) fn next_visitor(&self, told: &str) {
        let answer = self.plain().ask(NEXT);
        assert_eq!((answer.status, answer.text().as_str()), (200, "ok"), "next after {told}");
        let last = self.app.requests().into_iter().rfind(|request| request.request_line() == NEXT_LINE).unwrap();
        assert_eq!(last.all("x-visitor"), ["next"], "next after {told}");
        assert!(last.is_complete && last.body.is_empty(), "next after {told}");
    }

    /// Returns the requests that arrived whole, without those of the next visitor.
    pub(crate) fn whole_requests(&self) -> Vec<String> {
        let whole = self.app.requests().into_iter().filter(|request| request.is_complete);
        whole.map(|request| request.request_line()).filter(|line| line != NEXT_LINE).collect()
    }

    /// Asserts that no head at the app was for this path: what was hidden in a body stayed a body.
    pub(crate) fn never_saw(&self, path: &str) {
        let lines: Vec<String> = self.app.requests().iter().map(RecordedRequest::request_line).collect();
        assert!(!lines.iter().any(|line| line.contains(path)), "{lines:#?}");
    }
}

/// Reads answers until the other side closes.
pub(crate) fn read_all(client: &mut WireClient, told: &str) -> Seen {
    let mut raw = Vec::new();
    if let Err(error) = client.read_to_end(&mut raw) {
        let is_open = matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut);
        assert!(!is_open, "not closed: {told}\n{}", raw.escape_ascii());
    }
    let mut stream = raw.as_slice();
    let mut answers = Vec::new();
    while !stream.is_empty() {
        let rest = stream;
        match RawResponse::read(&mut stream, false) {
            Ok(answer) if answer.is_complete => answers.push(answer),
            _ => return Seen { answers, rest: rest.to_vec() },
        }
    }
    Seen { answers, rest: Vec::new() }
}

/// Whether an answer is a page with a body, not the bare status of a library that answered in our place.
pub(crate) fn is_page_of_ours(answer: &RawResponse) -> bool {
    answer.is_complete && !answer.body.is_empty() && answer.header("x-content-type-options").is_some()
}

/// A request with these lines (each ended by CRLF) and whatever stands after its head.
pub(crate) fn with_lines(method: &str, lines: &[u8], after: &[u8]) -> Vec<u8> {
    let start = format!("{method} /case HTTP/1.1\r\nHost: app.example\r\n");
    [start.as_bytes(), lines, b"\r\n", after].concat()
}

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_bartizan");

/// A request that an attack tries to bring to the app as one of its own.
pub(crate) const SMUGGLED: &[u8] = b"GET /smuggled HTTP/1.1\r\nHost: app.example\r\n\r\n";

const NEXT_LINE: &str = "GET /next HTTP/1.1";

const NEXT: &[u8] = b"GET /next HTTP/1.1\r\nHost: app.example\r\nX-Visitor: next\r\nConnection: close\r\n\r\n";

/// The whole configuration. One worker, so that every exchange meets the same pooled connections.
pub(crate) fn config(ports: &[u16], directory: &Path, server: &str, sites: &str) -> String {
    let [tls, plain] = ports else { panic!("two ports") };
    let state = directory.join("state");
    format!(
        "[server]\nlisten = [\"127.0.0.1:{tls}\"]\nlisten_http = [\"127.0.0.1:{plain}\"]\nadmin = \"none\"\n\
         workers = 1\nstate_dir = {state:?}\n{server}\n[server.log]\naccess = \"off\"\n\n{sites}"
    )
}
