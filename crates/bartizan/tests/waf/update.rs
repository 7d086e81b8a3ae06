//! Rule sets that are fetched: what is taken into use, and what is not, whatever a server sends.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use bartizan_testkit::{Issued, TestCa};
use flate2::Compression;
use flate2::write::GzEncoder;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sha2::{Digest as _, Sha256};

use crate::request::Ask;
use crate::wall::{BINARY, Wall};

/// A server that answers each path with its own bytes, head included.
fn server(issued: &Issued, answers: Vec<(String, Vec<u8>)>) -> SocketAddr {
    let (chain, key) = issued.read();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let Ok(connection) = ServerConnection::new(Arc::clone(&config)) else { return };
            let mut stream = StreamOwned::new(connection, stream);
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count > 0) {
                head.push(byte[0]);
            }
            let path = String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned();
            let answer = answers.iter().find(|(known, _)| *known == path);
            let _ = stream.write_all(answer.map_or(b"HTTP/1.1 404 Not Found\r\n\r\n".as_slice(), |(_, it)| it));
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    address
}

fn ok(body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// An archive of these files; a kind of `2` is a link.
fn archive(files: &[(&str, u8, &str)]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, kind, content) in files {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[156] = *kind;
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].copy_from_slice(b"        ");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        tar.extend_from_slice(&header);
        tar.extend_from_slice(content.as_bytes());
        tar.resize(tar.len().div_ceil(512) * 512, 0);
    }
    tar.resize(tar.len() + 1024, 0);
    packed(&tar)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A rule set whose one rule refuses a word.
fn rule_set(word: &str) -> Vec<u8> {
    let rule = format!("SecRule ARGS \"@contains {word}\" \"id:1,phase:2,deny,status:403,msg:'a word'\"\n");
    archive(&[
        ("coreruleset-1.0.0/crs-setup.conf.example", b'0', "# nothing\n"),
        ("coreruleset-1.0.0/rules/", b'5', ""),
        ("coreruleset-1.0.0/rules/one.conf", b'0', &rule),
    ])
}

/// Runs the command against the server; returns its exit code and what it said.
fn update(state: &Path, ca: &TestCa, server: SocketAddr, arguments: &[&str]) -> (i32, String) {
    let resolve = format!("rules.example:443:{server}");
    let output = Command::new(BINARY)
        .args(["waf", "update", "--state-dir"])
        .arg(state)
        .arg("--cacert")
        .arg(ca.file())
        .args(["--resolve", &resolve])
        .args(arguments)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn url(path: &str) -> String {
    format!("https://rules.example{path}")
}

#[test]
fn a_rule_set_that_is_fetched_is_what_crs_means() {
    let ca = TestCa::new();
    let issued = ca.issue(&["rules.example"]);
    let (first, second) = (rule_set("forbidden"), rule_set("unwanted"));
    let redirect = b"HTTP/1.1 302 Found\r\nLocation: /second\r\nContent-Length: 0\r\n\r\n".to_vec();
    let server = server(
        &issued,
        vec![("/first".into(), ok(&first)), ("/second".into(), ok(&second)), ("/moved".into(), redirect)],
    );
    let (wall, _app) = Wall::with_rules_of(|state| {
        let (code, said) = update(state, &ca, server, &["--url", &url("/first"), "--sha256", &sum(&first)]);
        assert_eq!(code, 0, "{said}");
        "[site.waf]\nmode = \"block\"\nrules = \"crs\"\n".to_owned()
    });
    let refused = |word: &str| Ask::get(format!("/?q={word}")).http1(&wall).0 == 403;
    assert!(refused("forbidden") && !refused("unwanted"));
    let state = wall.program.directory().join("state");
    let (code, said) = update(&state, &ca, server, &["--url", &url("/moved"), "--sha256", &sum(&second)]);
    assert_eq!(code, 0, "{said}");
    // In use once the wall is told, and not before.
    assert!(refused("forbidden"));
    wall.program.signal("HUP");
    bartizan_testkit::wait_until("the rules", || refused("unwanted").then_some(()));
    assert!(!refused("forbidden"));
}

#[test]
fn whatever_goes_wrong_the_rules_in_use_stay() {
    let ca = TestCa::new();
    let issued = ca.issue(&["rules.example"]);
    let good = rule_set("forbidden");
    let upwards = archive(&[("c/rules/one.conf", b'0', ""), ("../../escaped", b'0', "x")]);
    let absolute = archive(&[("/tmp/escaped", b'0', "x")]);
    let link = archive(&[("c/rules", b'2', "")]);
    let bomb = packed(&vec![0; 64 << 20]);
    let no_rules = archive(&[("c/readme", b'0', "x")]);
    let wrong_rules = archive(&[("c/rules/one.conf", b'0', "SecNonsense on\n")]);
    let cut = packed(b"not even a tar");
    let answers = [
        ("/good", ok(&good)),
        ("/upwards", ok(&upwards)),
        ("/absolute", ok(&absolute)),
        ("/link", ok(&link)),
        ("/bomb", ok(&bomb)),
        ("/no-rules", ok(&no_rules)),
        ("/wrong-rules", ok(&wrong_rules)),
        ("/cut", ok(&cut)),
        ("/short", ok(&good)[..ok(&good).len() - 20].to_vec()),
        ("/plain", b"HTTP/1.1 302 Found\r\nLocation: http://rules.example/good\r\nContent-Length: 0\r\n\r\n".to_vec()),
        ("/round", b"HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n".to_vec()),
    ];
    let server = server(&issued, answers.into_iter().map(|(path, answer)| (path.to_owned(), answer)).collect());
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let (code, said) = update(&state, &ca, server, &["--url", &url("/good"), "--sha256", &sum(&good)]);
    assert_eq!(code, 0, "{said}");
    let in_use = std::fs::read_link(state.join("waf/crs")).unwrap();

    let other = sum(b"another");
    for (path, body, code, word) in [
        ("/good", other, 1, "was expected"),
        ("/upwards", sum(&upwards), 3, "leads out"),
        ("/absolute", sum(&absolute), 3, "leads out"),
        ("/link", sum(&link), 3, "neither a file nor a folder"),
        ("/bomb", sum(&bomb), 3, "more than"),
        ("/no-rules", sum(&no_rules), 1, "nothing was changed"),
        ("/wrong-rules", sum(&wrong_rules), 1, "SecNonsense"),
        ("/cut", sum(&cut), 3, "cut off"),
        ("/short", sum(&good), 3, "nothing was changed"),
        ("/missing", sum(&good), 3, "404"),
        ("/plain", sum(&good), 3, "not HTTPS"),
        ("/round", sum(&good), 3, "redirects more than"),
    ] {
        let (seen, said) = update(&state, &ca, server, &["--url", &url(path), "--sha256", &body]);
        assert_eq!(seen, code, "{path}: {said}");
        assert!(said.contains(word), "{path}: {said}");
    }
    // A stranger's certificate, no server at all, and an unencrypted one.
    let stranger = TestCa::new();
    let sha = sum(&good);
    assert_eq!(update(&state, &stranger, server, &["--url", &url("/good"), "--sha256", &sha]).0, 3);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(update(&state, &ca, nobody, &["--url", &url("/good"), "--sha256", &sha]).0, 3);
    assert_eq!(update(&state, &ca, server, &["--url", "http://rules.example/good", "--sha256", &sha]).0, 3);

    assert_eq!(std::fs::read_link(state.join("waf/crs")).unwrap(), in_use);
    let names = std::fs::read_dir(state.join("waf")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["crs".to_owned(), in_use.display().to_string()], "what failed leaves nothing behind");
    assert!(!folder.path().join("escaped").exists() && !Path::new("/tmp/escaped").exists());
}

#[test]
fn no_archive_is_taken_on_trust() {
    let ca = TestCa::new();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["--url", "https://rules.example/x"][..], // without a checksum
        &["--version", "4.0.999"],                 // of a release that is not known
        &["--version", "../../x"],
        &["--url", "https://rules.example/x", "--sha256", "12"],
    ] {
        assert_eq!(update(folder.path(), &ca, nobody, arguments).0, 2, "{arguments:?}");
    }
    let (code, said) = update(folder.path(), &ca, nobody, &["--version", "4.29.0"]);
    assert!(code == 3 && said.contains("github.com"), "{code}: {said}");
}

#[test]
fn crs_without_an_update_is_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("bartizan.toml");
    let text =
        "[[site]]\nhosts = [\"app.example\"]\nupstream = [\"http://127.0.0.1:9\"]\n[site.waf]\nrules = \"crs\"\n";
    std::fs::write(&config, text).unwrap();
    let output = Command::new(BINARY)
        .args(["config", "check", "--config"])
        .arg(&config)
        .env("STATE_DIRECTORY", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!output.status.success() && said.contains("bartizan waf update"), "{said}");
}
