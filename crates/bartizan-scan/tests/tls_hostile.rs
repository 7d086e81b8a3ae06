//! Servers that hang, babble, lie or cut everything to pieces: an inspection ends and says what it could not see.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use bartizan_scan::tls::{Options, Report, Target, inspect};

type Misbehaviour = fn(TcpStream);

/// Serves every connection by a function, on threads of its own that end with the test's process.
fn serve(each: Misbehaviour) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || each(stream));
        }
    });
    address
}

fn look(address: SocketAddr, timeout: Duration) -> Report {
    let options = Options { timeout, limit: Duration::from_secs(20), ..Options::default() };
    let target = Target { host: "app.example".to_owned(), address };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(inspect(&target, &options))
}

fn hello(stream: &mut TcpStream) -> Vec<u8> {
    let mut header = [0; 5];
    if stream.read_exact(&mut header).is_err() {
        return Vec::new();
    }
    let mut body = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
    // What the client meant to send beyond its hello is its own affair.
    let _ = stream.read_exact(&mut body);
    body
}

/// A ServerHello of TLS 1.2 with a suite, in a record.
fn server_hello(suite: u16) -> Vec<u8> {
    let [high, low] = suite.to_be_bytes();
    let mut body = vec![3, 3];
    body.extend([9; 32]);
    body.extend([0, high, low, 0]);
    let mut message = vec![2, 0, 0, u8::try_from(body.len()).unwrap()];
    message.extend(body);
    let mut record = vec![22, 3, 3, 0, u8::try_from(message.len()).unwrap()];
    record.extend(message);
    record
}

#[test]
fn every_misbehaviour_ends_and_is_told() {
    let servers: &[(&str, Misbehaviour, &str)] = &[
        ("hangs", |mut stream| drop(stream.read_to_end(&mut Vec::new())), "did not answer in time"),
        ("speaks HTTP", |mut stream| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")), "not TLS"),
        (
            "sends a record that is too long",
            |mut stream| {
                hello(&mut stream);
                drop(stream.write_all(&[22, 3, 3, 0xff, 0xff]));
            },
            "not TLS",
        ),
        (
            "warns without end",
            |mut stream| {
                hello(&mut stream);
                while stream.write_all(&[21, 3, 3, 0, 2, 1, 90].repeat(1000)).is_ok() {}
            },
            "not TLS",
        ),
        (
            "sends empty records without end",
            |mut stream| {
                hello(&mut stream);
                while stream.write_all(&[22, 3, 3, 0, 0].repeat(1000)).is_ok() {}
            },
            "not TLS",
        ),
        (
            "chooses what was not offered",
            |mut stream| {
                hello(&mut stream);
                drop(stream.write_all(&server_hello(0xeeee)));
            },
            "not TLS",
        ),
    ];
    for (what, each, why) in servers {
        let report = look(serve(*each), if *what == "hangs" { SHORT } else { LONG });
        assert_eq!(report.connectivity, "ERROR_NO_CONNECTIVITY", "{what}");
        assert!(report.unseen.iter().any(|unseen| unseen.why.contains(why)), "{what}: {:?}", report.unseen);
    }
}

#[test]
fn a_server_that_refuses_or_closes_has_nothing_hidden() {
    let servers: [Misbehaviour; 2] = [
        |mut stream| {
            hello(&mut stream);
            drop(stream.write_all(&[21, 3, 3, 0, 2, 2, 40]));
        },
        |mut stream| drop(hello(&mut stream)),
    ];
    for each in servers {
        let report = look(serve(each), LONG);
        assert_eq!(report.connectivity, "ERROR_NO_CONNECTIVITY");
        assert_eq!(report.unseen, []);
    }
}

#[test]
fn a_flight_that_breaks_off_costs_only_what_it_would_have_shown() {
    // Takes one suite of TLS 1.2, sends its hello a byte a record, and never goes on.
    let address = serve(|mut stream| {
        let body = hello(&mut stream);
        let offers = |suite: [u8; 2]| body.get(43..).is_some_and(|rest| rest.chunks(2).any(|pair| pair == suite));
        if !body.starts_with(&[1]) || body.get(4..6) != Some(&[3, 3]) || !offers([0x9c, 0x00]) && !offers([0x00, 0x9c])
        {
            drop(stream.write_all(&[21, 3, 3, 0, 2, 2, 40]));
            return;
        }
        for byte in server_hello(0x009c).get(5..).unwrap() {
            if stream.write_all(&[22, 3, 3, 0, 1, *byte]).is_err() {
                return;
            }
        }
        drop(stream.read_to_end(&mut Vec::new()));
    });
    let report = look(address, Duration::from_secs(1));
    assert_eq!(report.connectivity, "COMPLETED");
    let answers = report.answers.unwrap();
    assert_eq!(answers.protocols["tls_1_2"].accepted, ["TLS_RSA_WITH_AES_128_GCM_SHA256"]);
    assert!(answers.cert.is_none() && answers.resumption.is_none());
    assert!(report.unseen.iter().any(|unseen| unseen.what == "the certificate"), "{:?}", report.unseen);
}

#[test]
fn nobody_there_is_said() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let report = look(address, LONG);
    assert!(report.unseen.iter().all(|unseen| unseen.why == "no connection came about"));
    assert_eq!(report.unseen.len(), 5);
}

/// Where waiting is the point.
const SHORT: Duration = Duration::from_millis(300);
/// Where nothing waits unless the machine is busy.
const LONG: Duration = Duration::from_secs(20);

/// Answers hellos of TLS 1.2 that offer AES-128 with SHA-1, unless something in them is too much.
fn picky(mut stream: TcpStream, is_too_much: fn(&[u8]) -> bool) {
    let said = hello(&mut stream);
    let suites = said.get(38..).and_then(|rest| rest.split_first()).map(|(length, rest)| &rest[usize::from(*length)..]);
    let suites = suites.and_then(|rest| rest.split_first_chunk::<2>());
    let offered = suites.is_some_and(|(length, rest)| {
        rest[..usize::from(u16::from_be_bytes(*length))].chunks(2).any(|suite| suite == [0, 0x2f])
    });
    let is_new_enough = said.get(4..6).is_some_and(|version| version >= &[3, 3][..]);
    let answer =
        if offered && is_new_enough && !is_too_much(&said) { server_hello(0x2f) } else { vec![21, 3, 3, 0, 2, 2, 40] };
    drop(stream.write_all(&answer));
}

#[test]
fn who_does_not_stand_a_hello_is_told() {
    let servers: &[(Misbehaviour, &[&str])] = &[
        (|stream| picky(stream, |_| false), &[]),
        (|stream| picky(stream, |said| said.len() > 1500), &["more than a packet holds"]),
        (|stream| picky(stream, |said| said[4..6] == [3, 5]), &["a later version"]),
        (
            |stream| picky(stream, |said| said.windows(4).any(|window| window == [0x1a, 0x1a, 0, 0x2f])),
            &["numbers without a meaning (GREASE)"],
        ),
        (
            |stream| {
                picky(stream, |said| said.windows(6).any(|window| window[..2] == [0xfe, 0x0d] && window[4..] == [0, 0]))
            },
            &["an encrypted hello"],
        ),
    ];
    for (server, failed) in servers {
        let report = look(serve(*server), Duration::from_secs(5));
        assert_eq!(report.handshake.intolerance, *failed);
    }
}
