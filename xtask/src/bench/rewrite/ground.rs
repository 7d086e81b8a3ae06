//! An app of two pages, and a client that reads them, both over plain HTTP/1.1 with one connection.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, bail};

/// The app.
#[derive(Debug)]
pub(super) struct App {
    pub(super) address: SocketAddr,
    pub(super) page: Arc<Vec<u8>>,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) bytes: u64,
    pub(super) has_nonce: bool,
}

impl App {
    /// Starts to serve; it ends with the process.
    pub(super) fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let page = Arc::new(page());
        let served = Arc::clone(&page);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let page = Arc::clone(&served);
                // A connection that ends in the middle is the client's affair.
                thread::spawn(move || drop(serve(&stream, &page)));
            }
        });
        Ok(Self { address, page })
    }
}

fn serve(stream: &TcpStream, page: &[u8]) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream).lines();
    let mut out = BufWriter::with_capacity(1 << 17, stream);
    while let Some(line) = lines.next() {
        let line = line?;
        // The rest of the head means nothing here.
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let times = if line.contains("/stream") { STREAMED / page.len() } else { 1 };
        let length = page.len() * times;
        write!(out, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\r\n")?;
        for _ in 0..times {
            out.write_all(page)?;
        }
        out.flush()?;
    }
    Ok(())
}

/// A page of 30 KB, as a list of a shop or an admin has it.
fn page() -> Vec<u8> {
    let mut page = String::from("<!doctype html><html lang=en><head><meta charset=utf-8><title>List</title>");
    page.push_str("<link rel=stylesheet href=/static/a.css><script src=/static/a.js></script>");
    page.push_str("<script>start({debug: false})</script></head><body>");
    for number in 0.. {
        if page.len() >= PAGE {
            break;
        }
        page.push_str(&format!(
            "    <tr class=\"item-row odd\">\n      <td class=\"item-select\"><input type=\"checkbox\" name=\"selected\" \
             value=\"{number}\" class=\"item-select-box\" aria-label=\"Select item number {number} of the list\"></td>\n      \
             <th class=\"item-name\"><a href=\"/shop/items/item/{number}/change/\">Item number {number} of the shop</a></th>\n      \
             <td class=\"item-price nowrap\">{number}.99</td>\n      <td class=\"item-stock\"><img \
             src=\"/static/img/icon-yes.svg\" alt=\"In stock\"></td>\n    </tr>\n"
        ));
    }
    page.push_str("<script>finish()</script></body></html>\n");
    page.into_bytes()
}

/// Reads a page so many times.
pub(super) fn fetch(address: SocketAddr, path: &str, count: u32) -> Result<Fetched> {
    let stream = TcpStream::connect(address)?;
    let asked = format!("GET {path} HTTP/1.1\r\nHost: bench.example\r\n\r\n");
    let mut reader = BufReader::with_capacity(1 << 20, stream.try_clone()?);
    let mut fetched = Fetched { bytes: 0, has_nonce: false };
    let mut part = vec![0; 1 << 20];
    for _ in 0..count {
        // At once: in pieces, each request would wait for the other side's delayed acknowledgement.
        (&stream).write_all(asked.as_bytes())?;
        let (mut length, mut is_chunked) = (None, false);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim_end().to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", value)) => length = Some(value.parse::<u64>()?),
                Some(("transfer-encoding", value)) => is_chunked = value == "chunked",
                None if line.is_empty() => break,
                _ => {}
            }
        }
        if !is_chunked {
            read(&mut reader, length.context("no length")?, &mut part, &mut fetched)?;
            continue;
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim_end(), 16)?;
            if size > 0 {
                read(&mut reader, size, &mut part, &mut fetched)?;
            }
            let mut end = [0; 2];
            reader.read_exact(&mut end)?;
            if size == 0 {
                break;
            }
        }
    }
    Ok(fetched)
}

fn read(reader: &mut impl Read, mut left: u64, part: &mut [u8], fetched: &mut Fetched) -> Result<()> {
    while left > 0 {
        let most = usize::try_from(left)?.min(part.len());
        let Some(room) = part.get_mut(..most) else { bail!("no room") };
        let count = reader.read(room)?;
        if count == 0 {
            bail!("the connection ended early");
        }
        // Looked for in the first pages alone, so that the client costs little.
        if fetched.bytes < 1 << 16 {
            fetched.has_nonce |= room.windows(8).any(|window| window == b" nonce=\"");
        }
        left -= count as u64;
        fetched.bytes += count as u64;
    }
    Ok(())
}

/// Those of the page that get a nonce: a style sheet and three scripts.
pub(super) const ELEMENTS: usize = 4;

/// How long a page is, in bytes, but for its end.
const PAGE: usize = 30_000;

/// How long the long page is, in bytes: far more than a wall that keeps pages could hide.
const STREAMED: usize = 1 << 30;
