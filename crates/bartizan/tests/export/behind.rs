//! The demo's weak app behind each program: what visitors, attackers and a scan see.

use std::process::Command;

use bartizan_testkit::{Program, RawResponse, WireClient, free_port};
use serde_json::Value;

use crate::command::PROFILES;
use crate::front::{Front, HOST, KINDS, Kind};

/// Findings above info that stay, as `(program, rule, reason)`; `*` is every program but the wall.
static EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("*", "session-cookie-without-prefix", "renaming has to learn which prefixes are the app's own"),
    ("caddy", "error-page-headers-missing", "Go answers a malformed address itself, before Caddy has a request"),
    ("caddy", "extended-master-secret-missing", "Debian's Caddy is built with Go 1.19, which lacks RFC 7627"),
    (
        "caddy",
        "handshake-signature-weak",
        "Go 1.19 signs handshakes of TLS 1.2 with SHA-1 for who asks, with no setting",
    ),
];

/// The demo's app, as it is without its wall.
struct Demo {
    _program: Program,
    app: String,
}

impl Demo {
    fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let ports = vec![free_port(), free_port()];
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        command.arg("demo").env("STATE_DIRECTORY", home.path()).env("NO_COLOR", "1");
        for (option, port) in [("--listen", ports[0]), ("--listen-http", ports[1])] {
            command.args([option.to_owned(), format!("127.0.0.1:{port}")]);
        }
        let program = Program::start(&mut command, home, ports);
        let output = program.wait_for_output("as it was");
        let line = output.lines().find(|line| line.contains("as it was")).unwrap();
        let app = line.split("http://").nth(1).unwrap().split('/').next().unwrap();
        Self { _program: program, app: format!("http://{app}") }
    }
}

fn ask(client: &mut WireClient, method: &str, path: &str, lines: &str) -> RawResponse {
    client.ask(format!("{method} {path} HTTP/1.1\r\nHost: {HOST}\r\n{lines}\r\n").as_bytes())
}

#[test]
fn the_observatory_gives_the_grade_of_the_wall() {
    let demo = Demo::start();
    for profile in PROFILES {
        let mut of_wall = None;
        for kind in KINDS {
            let Some(front) = Front::start(kind, profile, &demo.app) else { continue };
            let report = scan(&front);
            let graded = &report["observatory"];
            let seen = (graded["grade"].clone(), graded["score"].clone());
            println!("{profile:10} {:8} {} {}", kind.name, seen.0, seen.1);
            let of_wall = of_wall.get_or_insert_with(|| seen.clone());
            assert_eq!(seen, *of_wall, "{profile} {}: {graded:#}", kind.name);
            if profile == "strict" {
                assert_eq!(seen.0, "A+", "{}: {graded:#}", kind.name);
                nothing_above_info(kind, &report);
            }
        }
    }
}

fn nothing_above_info(kind: Kind, report: &Value) {
    let is_excepted = |id: &str| {
        let mut of_kind = EXCEPTIONS.iter().filter(|(program, _, _)| *program == kind.name || *program == "*");
        kind.name != "wall" && of_kind.any(|(_, known, _)| *known == id)
    };
    let findings = report["findings"].as_array().unwrap();
    let above: Vec<_> = findings
        .iter()
        .filter(|found| found["severity"] != "info" && !is_excepted(found["id"].as_str().unwrap()))
        .map(|found| format!("{} {}: {}", found["id"], found["place"], found["message"]))
        .collect();
    assert!(above.is_empty(), "{}: {above:#?}", kind.name);
    assert_eq!(report["tls"]["connectivity"], "COMPLETED", "{}", kind.name);
}

fn scan(front: &Front) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["scan", HOST, "--format", "json", "--algorithm", "5", "--probe", "--cacert"]).arg(front.ca.file());
    for (port, address) in [(443, front.secure()), (80, front.plain())] {
        command.args(["--resolve", &format!("{HOST}:{port}:{address}")]);
    }
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
}

#[test]
fn the_app_works_and_is_guarded() {
    let demo = Demo::start();
    for kind in KINDS {
        let Some(front) = Front::start(kind, "strict", &demo.app) else { continue };
        let name = kind.name;
        let mut client = front.client();
        let page = ask(&mut client, "GET", "/", "");
        assert_eq!(page.status, 200, "{name}\n{}", front.program.output());
        assert!(page.text().contains("Notes of a guest"), "{name}");
        for hidden in ["x-powered-by", "via"] {
            assert_eq!(page.header(hidden), None, "{name}: {hidden}");
        }
        assert!(!page.header("server").unwrap_or_default().contains(|c: char| c.is_ascii_digit()), "{name}: {page:?}");
        for header in ["strict-transport-security", "content-security-policy", "x-frame-options", "referrer-policy"] {
            assert_eq!(page.all(header).count(), 1, "{name}: {header}");
        }
        assert_eq!(page.header("cache-control"), Some("no-store"), "{name}: an answer with a cookie");

        let own = format!("Origin: https://{HOST}\r\nContent-Length: 0\r\n");
        let login = ask(&mut front.client(), "POST", "/login", &own);
        assert_eq!(login.status, 303, "{name}: {}", login.text());
        cookies(name, &login);

        for (why, method, path, lines, status) in [
            ("forged", "POST", "/login", "Origin: https://evil.test\r\nContent-Length: 0\r\n", 403),
            ("forged", "POST", "/login", "Sec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n", 403),
            ("a sibling", "POST", "/login", "Sec-Fetch-Site: same-site\r\nContent-Length: 0\r\n", 403),
            ("hidden", "POST", "/login", "Origin: null\r\nContent-Length: 0\r\n", 403),
            ("own", "POST", "/login", "Sec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n", 303),
            ("a program", "POST", "/login", "Content-Length: 0\r\n", 303),
            ("a silent session", "POST", "/login", "Cookie: a=b; sessionid=x\r\nContent-Length: 0\r\n", 403),
            (
                "bearer",
                "POST",
                "/login",
                "Authorization: Bearer x\r\nSec-Fetch-Site: same-site\r\nContent-Length: 0\r\n",
                303,
            ),
            (
                "basic",
                "POST",
                "/login",
                "Authorization: Basic eA==\r\nSec-Fetch-Site: same-site\r\nContent-Length: 0\r\n",
                403,
            ),
            ("another method", "GET", "/", "X-HTTP-Method-Override: TRACE\r\n", 405),
            ("another method", "GET", "/", "X-HTTP-Method-Override: DELETE\r\nSec-Fetch-Site: cross-site\r\n", 403),
            (
                "a socket",
                "GET",
                "/",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://evil.test\r\n",
                403,
            ),
            (
                "a link",
                "GET",
                "/",
                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n",
                200,
            ),
            ("a foreign image", "GET", "/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n", 403),
            (
                "an embed",
                "GET",
                "/",
                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: embed\r\n",
                403,
            ),
            ("TRACE", "TRACE", "/", "", 405),
            ("climbing", "GET", "/files/..%2f..%2fetc/passwd", "", 400),
            ("climbing", "GET", "/files/%2e%2e%2fsecret", "", 400),
            ("dots in a query", "GET", "/?next=/..%2f", "", 200),
            ("denied", "GET", "/internal/metrics", "", 403),
            ("denied", "GET", "/internal", "", 403),
            ("denied", "GET", "//internal/", "", 403),
            ("denied", "GET", "/intern%61l/", "", 403),
            ("not denied", "GET", "/internals", "", 404),
            ("a longer route", "GET", "/internal/open/x", "", 404),
            ("a hook", "POST", "/hook/x", "Sec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n", 404),
            ("beside the hook", "POST", "/hooks", "Sec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n", 403),
            ("an error", "GET", "/crash", "", 500),
            ("missing", "GET", "/nowhere", "", 404),
        ] {
            let answer = ask(&mut front.client(), method, path, lines);
            assert_eq!(answer.status, status, "{name}: {why} {method} {path} {lines}\n{}", answer.text());
            let is_hardened = answer.header("content-security-policy").is_some();
            assert!(is_hardened, "{name}: {why} {method} {path} without a policy");
            assert!(!answer.text().contains("Traceback"), "{name}");
        }
        hosts(name, &front);
    }
}

fn cookies(name: &str, login: &RawResponse) {
    let lines: Vec<&str> = login.all("set-cookie").filter(|line| !line.contains("Max-Age=0")).collect();
    let session = lines.iter().find(|line| line.contains("sessionid=9f8e7d6c5b4a")).unwrap();
    let session = session.to_ascii_lowercase();
    for flag in ["secure", "httponly", "samesite=lax", "path=/"] {
        assert!(session.contains(flag), "{name}: {session}");
    }
}

/// Unknown hosts, and plain HTTP.
fn hosts(name: &str, front: &Front) {
    let unknown = front.client().ask(b"GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n");
    assert_eq!(unknown.status, 421, "{name}");
    let unknown = WireClient::plain(front.plain()).ask(b"GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n");
    assert!((400..=421).contains(&unknown.status), "{name}: {}", unknown.status);
    for (method, status) in [("GET", 301), ("POST", 308)] {
        let request = format!("{method} /a%2Fb?c=d HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 0\r\n\r\n");
        let moved = WireClient::plain(front.plain()).ask(request.as_bytes());
        assert_eq!(moved.status, status, "{name}: {method}");
        assert_eq!(moved.header("location"), Some("https://app.test/a%2Fb?c=d"), "{name}: {method}");
        assert_eq!(moved.header("strict-transport-security"), None, "{name}");
    }
}
