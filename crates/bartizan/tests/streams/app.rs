//! An app that a test writes as a plain function over each connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use bartizan_testkit::DEADLINE;

/// Serves each connection with the function, on a thread of its own, for as long as the test runs.
pub(crate) fn serve(connection: impl Fn(TcpStream) + Send + Sync + Clone + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = connection.clone();
            thread::spawn(move || connection(stream));
        }
    });
    address
}

/// Reads a request head; none when the connection ends first.
pub(crate) fn read_head(mut stream: impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// Answers every request at once with 200 and the target's path as body.
pub(crate) fn paths(mut stream: TcpStream) {
    while let Some(head) = read_head(&stream) {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{path}", path.len());
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// What one thread tells another: a step is done, or may be done now.
#[derive(Debug)]
pub(crate) struct Steps {
    sender: Sender<&'static str>,
    receiver: Mutex<Receiver<&'static str>>,
}

impl Steps {
    pub(crate) fn new() -> std::sync::Arc<Self> {
        let (sender, receiver) = channel();
        std::sync::Arc::new(Self { sender, receiver: Mutex::new(receiver) })
    }

    /// Says what has been done.
    pub(crate) fn say(&self, step: &'static str) {
        self.sender.send(step).unwrap();
    }

    /// Waits until exactly this has been said.
    pub(crate) fn expect(&self, step: &str) {
        let said = self.receiver.lock().unwrap().recv_timeout(DEADLINE);
        assert_eq!(said, Ok(step));
    }
}
