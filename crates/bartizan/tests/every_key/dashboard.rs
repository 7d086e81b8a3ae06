//! `[dashboard]`: whether it answers, to whom, and what they may see.

use std::net::{SocketAddr, TcpStream};

use bartizan_testkit::{Program, RawResponse, WireClient, wait_until};

use super::case::Case;
use super::{Proof, Row, Seen, below, started};

pub(crate) fn proofs() -> Vec<Proof> {
    let mut all = below("dashboard.", ROWS);
    for proof in &mut all {
        // A user, and a token, have all of their keys.
        let table = if proof.key.contains("token[]") { TOKEN } else { USER };
        let needs: &[_] = if proof.key == "dashboard.enabled" { &[] } else { table };
        // Where nothing is started, nothing is put in the place of names.
        let is_read = ["idle", "lifetime", "token[].name"].iter().any(|key| proof.key.ends_with(key));
        let admin = if is_read { "\"127.0.0.1:0\"" } else { "\"{admin}\"" };
        for (key, value) in needs.iter().chain(&[("server.admin", admin)]) {
            if proof.key != *key {
                proof.also.push(((*key).to_owned(), value));
            }
        }
    }
    all
}

const USER: &[(&str, &str)] = &[
    ("dashboard.user[].name", "\"ada\""),
    ("dashboard.user[].password", FIRST),
    ("dashboard.user[].role", "\"operator\""),
];

const TOKEN: &[(&str, &str)] = &[
    ("dashboard.token[].name", "\"graphs\""),
    ("dashboard.token[].hash", "\"sha256:FDa_ReqZ6MyB3hERGaZ_GcVltuRjKO9E4VeIAe0KBv4\""),
    ("dashboard.token[].scopes", "[\"reports\"]"),
    ("dashboard.user[].name", "\"ada\""),
    ("dashboard.user[].password", FIRST),
    ("dashboard.user[].role", "\"viewer\""),
];

/// Of `first password`, and of another.
const FIRST: &str =
    "\"$argon2id$v=19$m=19456,t=2,p=1$glkOJnyujoV9zu9PpF+rNQ$7pvphL2hhvUQ4hoISxZK1lIXQH4C9APL15v+LvTM2c4\"";
const SECOND: &str =
    "\"$argon2id$v=19$m=19456,t=2,p=1$IQZibP8d+9WyNh82R3LpAw$wYr8/DkRmhC4WNDzTDWe2Mh68H7FFg5o6KEXjWN7Wno\"";

const ROWS: &[Row] = &[
    ("enabled", &["true", "false"], &[], |case| vec![("found", Wall::start(case).get("/", "").status.to_string())]),
    ("idle", &["\"10m\"", "\"1h\""], &[], |case| vec![("shown", case.shown())]),
    ("lifetime", &["\"2h\"", "\"12h\""], &[], |case| vec![("shown", case.shown())]),
    ("origins", &["[\"https://one.example\"]", "[\"https://two.example\"]"], &[], |case| {
        let wall = Wall::start(case);
        let head = "GET /sign-in HTTP/1.1\r\nHost: one.example\r\nConnection: close\r\n\r\n";
        vec![("let in", WireClient::plain(wall.admin).ask(head.as_bytes()).status.to_string())]
    }),
    ("user[].name", &["\"ada\"", "\"eve\""], &[], signed_in),
    ("user[].password", &[FIRST, SECOND], &[], signed_in),
    ("user[].role", &["\"viewer\"", "\"operator\""], &[], |case| {
        let wall = Wall::start(case);
        let cookie = wall.sign_in().header("set-cookie").and_then(|line| line.split(';').next()).unwrap().to_owned();
        vec![("sees", wall.get("/settings", &format!("Cookie: {cookie}\r\n")).status.to_string())]
    }),
    ("token[].name", &["\"one\"", "\"two\""], &[], |case| vec![("shown", case.shown())]),
    (
        "token[].hash",
        &[
            "\"sha256:FDa_ReqZ6MyB3hERGaZ_GcVltuRjKO9E4VeIAe0KBv4\"",
            "\"sha256:obQUhOMQl0yiYVaKOTovP1UBxb2koUU6wh6W01B72MM\"",
        ],
        &[],
        shown_by_token,
    ),
    ("token[].scopes", &["[\"reports\"]", "[\"wall\"]"], &[], shown_by_token),
];

fn signed_in(case: &Case<'_>) -> Seen {
    vec![("let in", Wall::start(case).sign_in().status.to_string())]
}

fn shown_by_token(case: &Case<'_>) -> Seen {
    let token = "Authorization: Bearer bartizan_URKqHv-kuuetrvwgtxrLjTjpeRZflaOOKC_OsMPBG8E\r\n";
    vec![("shown", Wall::start(case).get("/api/sites", token).status.to_string())]
}

struct Wall {
    _program: Program,
    admin: SocketAddr,
}

impl Wall {
    fn start(case: &Case<'_>) -> Self {
        let admin = started::place();
        let (program, _) = case.program_with(&Case::app(), &[("{admin}", admin.to_string())], |_| ());
        wait_until("the admin listener", || TcpStream::connect(admin).ok());
        Self { _program: program, admin }
    }

    fn get(&self, path: &str, lines: &str) -> RawResponse {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{lines}\r\n", self.admin);
        WireClient::plain(self.admin).ask(head.as_bytes())
    }

    fn sign_in(&self) -> RawResponse {
        let (admin, body) = (self.admin, "name=ada&password=first+password");
        let head = format!(
            "POST /sign-in HTTP/1.1\r\nHost: {admin}\r\nOrigin: http://{admin}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        WireClient::plain(admin).ask(head.as_bytes())
    }
}
