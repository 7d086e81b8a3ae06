//! A small DNS server on this machine, for tests.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::thread;

/// What to say about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Say {
    /// A CAA record.
    Caa(&'static [u8]),
    /// That the answer has no room in a datagram; over TCP, that there is nothing.
    Cut,
    /// That the server failed.
    Fail,
    /// An HTTPS record.
    Https(&'static [u8]),
    /// That there is nothing, and that this is proven.
    Proven,
    /// The answer to another question.
    Strange,
}

/// Serves a zone on both transports, on threads that end with the test's process.
pub(super) fn serve(zone: &[(&'static str, Say)], proves: bool) -> SocketAddr {
    let (zone, mut buffer) = (zone.to_vec(), [0; 512]);
    // The port must be free for both.
    let (udp, tcp) = loop {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            break (udp, tcp);
        }
    };
    let address = udp.local_addr().unwrap();
    let zone_of_tcp = zone.clone();
    thread::spawn(move || {
        while let Ok((length, from)) = udp.recv_from(&mut buffer) {
            let _ = udp.send_to(&answer(&buffer[..length], &zone, proves, true), from);
        }
    });
    thread::spawn(move || {
        for mut stream in tcp.incoming().flatten() {
            let mut length = [0; 2];
            stream.read_exact(&mut length).unwrap();
            let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
            stream.read_exact(&mut question).unwrap();
            let answer = answer(&question, &zone_of_tcp, proves, false);
            let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
            let _ = stream.write_all(&[&length[..], &answer].concat());
        }
    });
    address
}

fn answer(question: &[u8], zone: &[(&'static str, Say)], proves: bool, is_datagram: bool) -> Vec<u8> {
    let end = 12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
    let mut labels = &question[12..end - 5];
    let mut name = Vec::new();
    while let Some((length, rest)) = labels.split_first() {
        let (label, rest) = rest.split_at((*length).into());
        name.push(String::from_utf8(label.to_vec()).unwrap());
        labels = rest;
    }
    let name = name.join(".");
    let kind = u16::from_be_bytes([question[end - 4], question[end - 3]]);
    let said = zone.iter().find(|(known, _)| *known == name).map(|(_, say)| *say);
    let (mut flags, mut code, mut id) = (0x81, 0x80, question[..2].to_vec());
    let mut data = None;
    match said {
        Some(Say::Caa(record)) if kind == 257 => data = Some(record),
        Some(Say::Https(record)) if kind == 65 => data = Some(record),
        Some(Say::Cut) if is_datagram => flags |= 2,
        Some(Say::Fail) => code |= 2,
        Some(Say::Strange) => id[0] ^= 1,
        Some(Say::Proven) if proves => code |= 0x20,
        None => code |= 3,
        Some(Say::Caa(_) | Say::Cut | Say::Https(_) | Say::Proven) => {}
    }
    let count = u8::from(data.is_some());
    let head = [flags, code, 0, 1, 0, count, 0, 0, 0, 0];
    let mut out = [&id, &head[..], &question[12..end]].concat();
    if let Some(data) = data {
        out.extend([0xc0, 12]);
        out.extend(&question[end - 4..end]);
        out.extend([0, 0, 0, 60, 0, u8::try_from(data.len()).unwrap()]);
        out.extend(data);
    }
    out
}
