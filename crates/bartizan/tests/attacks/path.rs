//! PEERS 19, 20: every spelling of a path that an app could read as a closed one.

use std::collections::BTreeSet;

use bartizan_testkit::WireClient;

use crate::harness::Wall;

const CLOSED: &str = "[[site.route]]\npath = \"/internal/\"\ndeny = true\n";

/// What may stand before the closed name and still lead to it.
const BEFORE: &[&str] = &[
    "/",
    "//",
    "///",
    "/./",
    "/.//",
    "/././",
    "/x/../",
    "/x/..//",
    "/x//../",
    "/x//../../",
    "/x/y/../../",
    "/x/./../",
    "/%2e/",
    "/%2E/",
    "/x/%2e%2e/",
    "/x/%2e./",
    "/x/.%2e/",
    "/x/%2E%2e/",
    "/x/..%2f",
    "/x/..%2F",
    "/x%2f..%2f",
    "/x%2f../",
    "/x/..%5c",
    "/x%5c..%5c",
    "/x\\..\\",
    "/%2f",
    "/%2F",
    "/%5c",
    "/%5C",
    "/\\",
    "\\",
    "/%2f%2f",
    "/;/",
    "/;a=b/",
    "/;a/b;c/..;/../",
    "/x/..;/",
    "/x/..;a=b/",
    "/x/%2e%2e;/",
    "/x/..%3b/",
    "/x;/../",
    "/.;/",
    "/.;a/",
    "/%2e;/",
    "/x/%252e%252e/",
    "/x/..%252f",
    "/x/%25252e%25252e/",
    "/%252f",
    "/%252e/",
    "/%255c",
    "/%25252f",
    "/../",
    "/../../",
    "/%2e%2e/",
    "/..%2f",
    "/..;/",
    "/..\\",
    "/x/..%00/",
    "/x/..%09/",
    "/%00/",
    "/x/.. /",
    "/x/..?/",
    "/?/../",
    "/x%3f/../",
    "/x#/../",
    "/x%23/../",
    "/.%00./",
    "/%c0%ae%c0%ae/",
    "http://app.example/",
    "http://app.example//",
    "http://app.example/x/../",
    "http://app.example/%2e/",
    "/x/%uff0e%uff0e/",
    "/%u002e/",
];

/// Spellings of the closed name.
const NAMES: &[&str] = &[
    "internal",
    "%69nternal",
    "interna%6c",
    "interna%6C",
    "%69%6e%74%65%72%6e%61%6c",
    "internal;",
    "internal;a=b",
    "internal%3b",
    "internal%3Ba",
    "%2569nternal",
    "interna%256c",
    "%252569nternal",
    "internal%00",
    "internal%",
    "internal%2",
    "internal%zz",
    "i%6e;ternal",
];

/// What may follow it.
const AFTER: &[&str] = &[
    "",
    "/",
    "/x",
    "//",
    "//x",
    "/./x",
    "/.",
    "/x/..",
    "/x/../",
    "/../internal/x",
    "%2f",
    "%2fx",
    "%2Fx",
    "%5cx",
    "%5Cx",
    "\\x",
    ";/x",
    ";a=b/x",
    "/;/x",
    "?",
    "?x",
    "/?x",
    "%3f",
    "%3fx",
    "%3F/x",
    "%23",
    "%23x",
    "#x",
    "#",
    "/#x",
    "%252fx",
    "%255cx",
    "%253fx",
    "%25252f",
    "/%2e",
    "/%2e/x",
    "/x%00",
    "%00/x",
    "%3b/x",
    "%253b/x",
    "/%2e%2e/internal",
    "/x/%2e%2e",
    "/%252e%252e/internal",
];

fn targets() -> BTreeSet<String> {
    let names = BEFORE.iter().flat_map(|before| NAMES.iter().map(move |name| format!("{before}{name}/x")));
    let tails = BEFORE.iter().flat_map(|before| AFTER.iter().map(move |after| format!("{before}internal{after}")));
    names
        .chain(tails)
        .chain(NAMES.iter().flat_map(|name| AFTER.iter().map(move |after| format!("/{name}{after}"))))
        .collect()
}

/// Every path that some reader could make of a target as the app received it. The readers are written anew here,
/// more generous than any one server.
fn readings(target: &str) -> BTreeSet<String> {
    let mut texts = BTreeSet::from([target.split(['?', '#']).next().unwrap_or_default().to_owned()]);
    // Twice decoded: by a second proxy, or by an app that decodes what its server has decoded.
    for _ in 0..2 {
        let decoded: Vec<String> = texts.iter().map(|text| decode(text)).collect();
        texts.extend(decoded);
    }
    let cut: Vec<String> =
        texts.iter().map(|text| text.split(['?', '#', '\0']).next().unwrap_or_default().to_owned()).collect();
    texts.extend(cut);
    let mut paths = BTreeSet::new();
    for text in texts {
        for slashes in [text.clone(), text.replace('\\', "/")] {
            let bare: Vec<String> =
                slashes.split('/').map(|part| part.split(';').next().unwrap_or_default().to_owned()).collect();
            for parts in [slashes.clone(), bare.join("/")] {
                paths.insert(parts.clone());
                paths.insert(walk(&parts));
            }
        }
    }
    paths
}

fn decode(text: &str) -> String {
    let mut rest = text.as_bytes();
    let mut out = Vec::new();
    while let Some((&byte, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        match pair {
            Some(value) if byte == b'%' => {
                out.push(value);
                rest = &after[2..];
            }
            _ => {
                out.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn walk(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn is_closed(path: &str) -> bool {
    path == "/internal" || path.starts_with("/internal/")
}

/// Asks for each target; returns its status, and fails where the app was asked for what it might read as closed.
fn ask_for<'a>(wall: &Wall, targets: impl Iterator<Item = &'a String>) -> Vec<(&'a str, u16)> {
    let mut client: Option<WireClient> = None;
    let mut outcomes = Vec::new();
    for target in targets {
        let mut connected = client.take().unwrap_or_else(|| wall.plain());
        connected.send(format!("GET {target} HTTP/1.1\r\nHost: app.example\r\n\r\n").as_bytes());
        let answer = connected.try_read_response().unwrap_or_else(|error| panic!("{error}: {target}"));
        assert!(matches!(answer.status, 200 | 400 | 403), "{target} {answer:?}");
        if answer.header("connection") != Some("close") {
            client = Some(connected);
        }
        outcomes.push((target.as_str(), answer.status));
    }
    let requests = wall.app.requests();
    assert_eq!(requests.len(), outcomes.iter().filter(|(_, status)| *status == 200).count());
    for request in requests {
        let line = request.request_line();
        let arrived = line.split(' ').nth(1).unwrap();
        let met: Vec<_> = readings(arrived).into_iter().filter(|path| is_closed(path)).collect();
        assert!(met.is_empty(), "{arrived} arrived, which may be read as {met:?}");
    }
    outcomes
}

#[test]
fn no_spelling_of_a_closed_path_reaches_the_app() {
    let wall = Wall::with("", CLOSED);
    let targets = targets();
    let outcomes = ask_for(&wall, targets.iter());
    let count = |wanted: u16| outcomes.iter().filter(|(_, status)| *status == wanted).count();
    assert!(count(403) > 50, "the rule itself answers the plain ones");
    assert!(count(200) > 50, "what leads elsewhere passes");
}

#[test]
fn a_path_is_judged_alike_with_one_host_and_with_a_hundred() {
    let few = Wall::with("", CLOSED);
    let hosts: Vec<String> = (0..100).map(|number| format!("\"h{number}.example\"")).collect();
    let many = Wall::of_sites("", |app| {
        format!(
            "[[site]]\nhosts = [{}, \"app.example\"]\nhttps = {{ redirect = \"dangerous_plain_http\" }}\n\
             upstream = [\"{app}\"]\n{CLOSED}",
            hosts.join(", ")
        )
    });
    let targets = targets();
    assert_eq!(ask_for(&many, targets.iter().step_by(9)), ask_for(&few, targets.iter().step_by(9)));
}

#[test]
fn open_paths_stay_open_and_arrive_in_one_form() {
    let wall = Wall::with("", CLOSED);
    for (target, arrives) in [
        ("/", "/"),
        ("/internals/x", "/internals/x"),
        ("/x/internal/y", "/x/internal/y"),
        ("/internal-tools", "/internal-tools"),
        ("/?p=/internal/", "/?p=/internal/"),
        ("/x?next=/internal/../y", "/x?next=/internal/../y"),
        ("/internal/../open", "/open"),
        ("/a%20b", "/a%20b"),
        ("/%41%7e", "/A~"),
        ("/group%2Fproject", "/group%2Fproject"), // GitLab's names (traefik#12395)
        ("/group%2fproject/x", "/group%2Fproject/x"),
        ("/web/http://other.example/x", "/web/http://other.example/x"),
        ("/a;v=1/b", "/a;v=1/b"),
        ("/100%25", "/100%25"),
        ("/x/%E2%82%AC", "/x/%E2%82%AC"),
        ("/x/./y/../z", "/x/z"),
    ] {
        let request = wall.passes(format!("GET {target} HTTP/1.1\r\nHost: app.example\r\n\r\n").as_bytes());
        assert_eq!(request.request_line(), format!("GET {arrives} HTTP/1.1"), "{target}");
    }
}

#[test]
fn every_request_of_a_pipeline_is_judged() {
    let wall = Wall::with("", CLOSED);
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: app.example\r\n\r\n");
    let last = "GET /c HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n";
    let seen = wall
        .send([get("/a"), get("/internal/x"), get("/b"), get("/internal%2fx"), last.to_owned()].concat().as_bytes());
    assert_eq!(seen.answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 403, 200, 400, 200]);
    wall.never_saw("internal");
}
