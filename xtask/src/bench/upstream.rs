//! An upstream that is never the bottleneck: finished answers of 1 KiB and 100 KiB, keep-alive, one thread.
//!
//! It looks for the end of each head and for the path, and at nothing else.

use std::io::{Read, Write, stdin, stdout};
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::thread;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The paths it answers, and how long the bodies are.
pub(super) const PATHS: [(&str, usize); 2] = [("/1k", 1024), ("/100k", 100 * 1024)];

/// Listens on a free port, prints the address, and serves until standard input ends.
pub(crate) fn run() -> Result<()> {
    // Without its parent it would serve for ever; the pipe tells when the parent is gone.
    thread::spawn(|| {
        let _ = stdin().read(&mut [0]);
        // Nothing to tidy up, and the threads of the runtime would not notice.
        #[allow(clippy::exit, reason = "the parent is gone; there is no one to return to")]
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, serve())
}

async fn serve() -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no port on loopback")?;
    writeln!(stdout(), "{}", listener.local_addr()?)?;
    let answers: Rc<[Vec<u8>]> = PATHS.iter().map(|(_, length)| answer(*length)).collect();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::task::spawn_local(converse(stream, Rc::clone(&answers)));
    }
}

async fn converse(mut stream: TcpStream, answers: Rc<[Vec<u8>]>) {
    let mut buffer = Vec::with_capacity(8192);
    while stream.read_buf(&mut buffer).await.is_ok_and(|length| length > 0) {
        while let Some(end) = head_end(&buffer) {
            let answer = answers.get(answer_index(&buffer));
            // A proxy that hangs up has had what it wanted.
            let Some(answer) = answer else { return };
            if stream.write_all(answer).await.is_err() {
                return;
            }
            buffer.drain(..end);
        }
    }
}

/// Where the first head ends, its empty line included.
fn head_end(buffer: &[u8]) -> Option<usize> {
    buffer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn answer_index(head: &[u8]) -> usize {
    let is_asked = |path: &str| head.strip_prefix(b"GET ").is_some_and(|rest| rest.starts_with(path.as_bytes()));
    PATHS.iter().position(|(path, _)| is_asked(path)).unwrap_or(0)
}

/// A whole response of an app that talks too much: the proxies remove its banners.
fn answer(length: usize) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nServer: upstream/1.0\r\nX-Powered-By: bench\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\r\n"
    );
    let mut answer = head.into_bytes();
    answer.resize(answer.len() + length, b'x');
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_end_at_their_empty_line() {
        for (bytes, end) in [
            (b"GET /1k HTTP/1.1\r\nHost: a\r\n\r\nGET".as_slice(), Some(29)),
            (b"GET /1k HTTP/1.1\r\nHost: a\r\n", None), // not whole yet
            (b"", None),
        ] {
            assert_eq!(head_end(bytes), end);
        }
    }

    #[test]
    fn the_path_chooses_the_length() {
        for (head, length) in [("GET /100k HTTP/1.1\r\n", 100 * 1024), ("GET /1k HTTP/1.1\r\n", 1024)] {
            assert_eq!(PATHS[answer_index(head.as_bytes())].1, length, "{head}");
            assert!(answer(length).ends_with(&vec![b'x'; length]));
        }
    }
}
