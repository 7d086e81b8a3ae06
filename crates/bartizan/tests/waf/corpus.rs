//! The tests of the Core Rule Set as bytes on the wire, at paranoia level 1: what both other engines refuse is refused
//! here, over HTTP/1.1 and over HTTP/2.
#![allow(clippy::print_stderr, reason = "a corpus that is missing is said loudly")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use bartizan_testkit::h2::{Frame, H2Client, Outcome, flag};
use bartizan_testkit::{DEADLINE, Program, RawResponse, RecordingUpstream, TlsOptions, Trust, WireClient, free_port};
use base64::Engine as _;
use serde_json::Value;

use crate::wall::BINARY;

/// Requests that the wall judges by HTTP itself before any rule sees them, by class.
struct Exception {
    #[allow(dead_code, reason = "whoever reads the table needs it")]
    reason: &'static str,
    is_one: fn(&Case, &[String]) -> bool,
    statuses: &'static [u16],
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        reason: "a version that is not spoken on this connection (RFC 9110, 15.6.6)",
        is_one: |case, _| case.given["version"] != "HTTP/1.1" && case.given["version"] != "HTTP/1.0",
        statuses: &[505],
    },
    Exception {
        reason: "a length beside chunks: two servers would see two requests (RFC 9112, 6.1)",
        is_one: |case, _| case.names("content-length") > 0 && case.names("transfer-encoding") > 0,
        statuses: &[400],
    },
    Exception {
        reason: "a host that no site has, such as an address",
        is_one: |case, hosts| !host(&case.given).is_some_and(|host| hosts.contains(&host)),
        statuses: &[400, 421],
    },
    Exception {
        reason: "bytes in the target that no URI has (RFC 3986, 2); over HTTP/2 its stream is reset",
        is_one: |case, _| case.target().chars().any(|char| !char.is_ascii_graphic() || "<>\"{}|\\^`".contains(char)),
        statuses: &[0, 400],
    },
    Exception {
        reason: "a fragment, which over HTTP/2 is cut off before anybody sees it and so never reaches the app",
        is_one: |case, _| case.target().contains('#'),
        statuses: &[200],
    },
];

pub(crate) fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("BARTIZAN_SHARED").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let corpus = root.join("corpus/crs");
    if corpus.is_dir() {
        return Some(corpus);
    }
    eprintln!("SKIPPED: there is no corpus at {}; set BARTIZAN_SHARED", corpus.display());
    None
}

/// One request of the corpus, and what became of it elsewhere.
struct Case {
    id: String,
    raw: Vec<u8>,
    given: Value,
    is_refused: bool,
    is_expected_malformed: bool,
}

impl Case {
    fn target(&self) -> &str {
        self.given["uri"].as_str().unwrap()
    }

    /// How many fields have a name.
    fn names(&self, wanted: &str) -> usize {
        fields(&self.given).filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).count()
    }

    /// Whether it is shorter than it says, so that whoever answers would wait for more.
    fn never_ends(&self) -> bool {
        let Some(end) = self.raw.windows(4).position(|four| four == b"\r\n\r\n") else { return true };
        let length = fields(&self.given).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        length.is_some_and(|(_, value)| value.parse().is_ok_and(|length: usize| length > self.raw.len() - end - 4))
    }
}

fn cases(corpus: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(corpus.join("tests.jsonl")).unwrap();
    let mut cases = Vec::new();
    for line in text.lines() {
        let mut test: Value = serde_json::from_str(line).unwrap();
        let id = test["id"].as_str().unwrap().to_owned();
        for stage in test["stages"].as_array_mut().unwrap() {
            let peers = &stage["peers"];
            if peers["coraza_pl1_blocks"] != peers["libmodsecurity_pl1_blocks"] {
                continue;
            }
            let engine = &base64::engine::general_purpose::STANDARD;
            cases.push(Case {
                raw: engine.decode(stage["raw_b64"].as_str().unwrap()).unwrap(),
                is_refused: peers["coraza_pl1_blocks"] == true,
                is_expected_malformed: stage["output"]["status"] == 400 || stage["output"]["expect_error"] == true,
                given: stage["given"].take(),
                id: id.clone(),
            });
        }
    }
    cases
}

/// A wall that is every host of the corpus, before an app that answers everything.
struct Wall {
    _program: Program,
    tls: SocketAddr,
    plain: SocketAddr,
}

impl Wall {
    fn new(corpus: &Path, hosts: &[String], app: &RecordingUpstream) -> Self {
        let directory = tempfile::TempDir::new().unwrap();
        let [tls, plain] = [free_port(), free_port()].map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let state = directory.path().join("state");
        let config = format!(
            "[server]\nlisten = [\"{tls}\"]\nlisten_http = [\"{plain}\"]\nadmin = \"none\"\nworkers = 1\n\
             state_dir = {state:?}\n[server.log]\naccess = \"off\"\n[[site]]\nhosts = {hosts:?}\n\
             https = {{ redirect = \"dangerous_plain_http\" }}\nupstream = [\"{}\"]\nrequests_per_client = \"none\"\n\
             isolation = \"off\"\ncsrf = {{ mode = \"dangerous_off\" }}\n\
             [site.waf]\nmode = \"block\"\nrules = {corpus:?}\nparanoia = 1\nbody = \"13MiB\"\n",
            app.url()
        );
        let file = directory.path().join("bartizan.toml");
        std::fs::write(&file, config).unwrap();
        let arguments = ["serve".as_ref(), "--config".as_ref(), file.as_os_str()];
        let mut program = Program::start(Command::new(BINARY).args(arguments), directory, Vec::new());
        // Without optimisation, loading so many rules takes longer than anything else in a test may.
        let start = Instant::now();
        while TcpStream::connect(tls).is_err() {
            assert!(program.exited().is_none() && start.elapsed() < 6 * DEADLINE, "{}", program.output());
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Self { _program: program, tls, plain }
    }
}

/// Names that a site can have; whoever asks for an address or for nothing is refused before any rule.
fn hosts(cases: &[Case]) -> Vec<String> {
    let mut hosts: Vec<String> = cases.iter().filter_map(|case| host(&case.given)).collect();
    hosts.retain(|host| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)));
    hosts.retain(|host| host.bytes().any(|byte| byte.is_ascii_alphabetic()));
    hosts.sort();
    hosts.dedup();
    hosts
}

fn host(given: &Value) -> Option<String> {
    fields(given).find(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, value)| value.to_owned())
}

fn fields(given: &Value) -> impl Iterator<Item = (&str, &str)> {
    let fields = given["headers"].as_array().map(Vec::as_slice).unwrap_or_default();
    fields.iter().map(|field| (field[0].as_str().unwrap(), field[1].as_str().unwrap()))
}

#[test]
fn the_wire_changes_no_verdict() {
    let Some(corpus) = corpus() else { return };
    let cases = cases(&corpus);
    let app = RecordingUpstream::answering("ok");
    let hosts = hosts(&cases);
    let wall = Wall::new(&corpus, &hosts, &app);
    let mut told = String::new();
    let (mut judged, mut kinds) = ([0, 0], BTreeMap::<&str, usize>::new());
    let mut http2 = Over2 { client: None, address: wall.tls, stream: 1 };
    for case in &cases {
        let answers = [("HTTP/1.1", Some(over1(wall.plain, case))), ("HTTP/2", http2.ask(&case.given))];
        for (index, (protocol, status)) in answers.into_iter().enumerate() {
            let Some(status) = status else { continue };
            judged[index] += 1;
            let kind = match (case.is_refused, status) {
                (true, 403) => "refused as elsewhere",
                (false, 200) => "passed as elsewhere",
                // Who is refused before any rule is refused all the same.
                (true, 0 | 400..=599) => "refused before the rules",
                (false, 400..=599) if case.is_expected_malformed && status != 403 => "malformed, as its test says",
                (_, status)
                    if EXCEPTIONS.iter().any(|it| it.statuses.contains(&status) && (it.is_one)(case, &hosts)) =>
                {
                    "judged by HTTP itself"
                }
                _ => {
                    let line: String = String::from_utf8_lossy(&case.raw).chars().take(300).collect();
                    let _ = writeln!(told, "{} {protocol}: {status}, elsewhere {}: {line:?}", case.id, case.is_refused);
                    "different"
                }
            };
            *kinds.entry(kind).or_default() += 1;
        }
    }
    eprintln!("{judged:?} judged: {kinds:?}");
    assert!(told.is_empty(), "{kinds:?}\n{told}");
    assert!(!app.requests().iter().any(|request| request.request_line().contains('#')), "a fragment arrived");
    assert!(judged[0] > 2_000 && judged[1] > 1_500, "only {judged:?} were judged");
}

/// Sends the bytes as they are; zero where the wall says nothing at all.
fn over1(address: SocketAddr, case: &Case) -> u16 {
    let mut client = WireClient::plain(address);
    let _ = client.try_send(&case.raw);
    if case.never_ends() {
        let _ = client.socket().shutdown(std::net::Shutdown::Write);
    }
    let is_head = case.given["method"] == "HEAD";
    RawResponse::read(&mut client, is_head).map_or(0, |answer| answer.status)
}

/// One connection for many requests, and another where it was closed.
struct Over2 {
    client: Option<H2Client>,
    address: SocketAddr,
    stream: u32,
}

impl Over2 {
    /// Sends a request, if HTTP/2 can say it; returns its status.
    fn ask(&mut self, given: &Value) -> Option<u16> {
        let bytes = |text: &str| -> Vec<u8> { text.chars().map(|char| char as u8).collect() };
        let method = given["method"].as_str().unwrap();
        let is_token = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let target = given["uri"].as_str().unwrap();
        let authority = host(given)?;
        let lines: Vec<(&str, &str)> = fields(given).collect();
        let named = |wanted: &str| lines.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).count();
        let is_sayable = is_token(method)
            && method != "CONNECT"
            && given["version"] == "HTTP/1.1"
            && target.starts_with('/')
            && target.chars().all(|char| ('!'..='~').contains(&char))
            && (named("host"), named("transfer-encoding")) == (1, 0)
            && named("content-length") < 2
            && named("te") == 0
            && lines
                .iter()
                .all(|(name, value)| is_token(name) && !value.chars().any(|char| char < ' ' || char == '\u{7f}'))
            && hosts_of_names(&authority);
        if !is_sayable {
            return None;
        }
        let engine = &base64::engine::general_purpose::STANDARD;
        let body = engine.decode(given["body_b64"].as_str().unwrap()).unwrap();
        if lines
            .iter()
            .any(|(name, value)| name.eq_ignore_ascii_case("content-length") && *value != body.len().to_string())
        {
            return None;
        }
        let mut head = vec![
            (b":method".to_vec(), bytes(method)),
            (b":scheme".to_vec(), b"https".to_vec()),
            (b":authority".to_vec(), bytes(&authority)),
            (b":path".to_vec(), bytes(target)),
        ];
        for (name, value) in &lines {
            let name = name.to_ascii_lowercase();
            // RFC 9113, 8.2.2: what concerns one connection has no place here.
            if !matches!(name.as_str(), "host" | "connection" | "keep-alive" | "proxy-connection" | "upgrade") {
                head.push((name.into_bytes(), bytes(value.trim())));
            }
        }
        let head: Vec<(&[u8], &[u8])> = head.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect();
        let address = self.address;
        let client = self.client.get_or_insert_with(|| {
            let options = TlsOptions::new(&Trust::DangerousAnyone, "localhost", &["h2"]);
            let mut client = H2Client::new(WireClient::tls(address, &options).unwrap());
            // Room for all pages that come on this connection.
            client.send(&Frame::window(0, 1 << 30));
            client
        });
        let stream = self.stream;
        self.stream += 2;
        let flags = if body.is_empty() { flag::END_STREAM } else { flag::NONE };
        let _ = client.try_send(&Frame::headers(stream, flags, &head));
        let last = body.len().div_ceil(FRAME).saturating_sub(1);
        for (number, piece) in body.chunks(FRAME).enumerate() {
            let flags = if number == last { flag::END_STREAM } else { flag::NONE };
            // What became of a stream that was refused early is told below.
            let _ = client.try_send(&Frame::data(stream, flags, piece));
        }
        match client.outcome(stream) {
            Outcome::Response(answer) => Some(answer.status),
            Outcome::Reset(_, answer) => Some(answer.status),
            Outcome::Closed | Outcome::GoAway(_) => {
                (self.client, self.stream) = (None, 1);
                Some(0)
            }
        }
    }
}

fn hosts_of_names(host: &str) -> bool {
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

/// The largest frame without an agreement (RFC 9113, 6.5.2).
const FRAME: usize = 16 * 1024;
